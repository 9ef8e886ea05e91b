import { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';

/** The bus on which Hook0 publishes what happened to endpoints and deliveries. Add your own rules to it. */
export class LifecycleBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      description: 'Hook0: circuit.opened, endpoint.disabled, delivery.dead and the like',
    });
  }
}
