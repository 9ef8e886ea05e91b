import { EventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';

/** The bus on which Hook0 says what happened to endpoints and deliveries; add your own rules to it. */
export class LifecycleBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', {
      description: 'Hook0: circuit.opened, endpoint.disabled, delivery.dead and the like',
    });
  }
}
