import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';

/** What happens to endpoints and deliveries that somebody may want a rule for. Never carries a secret or a payload. */
export type LifecycleEvent =
  | {
      readonly type: 'endpoint.disabled';
      readonly applicationId: string;
      readonly endpointId: string;
      readonly reason: string;
    }
  | {
      readonly type: 'circuit.opened' | 'circuit.closed';
      readonly applicationId: string;
      readonly endpointId: string;
    }
  | {
      readonly type: 'delivery.cancelled';
      readonly applicationId: string;
      readonly endpointId: string;
      readonly eventId: string;
      readonly reason: string;
    }
  | {
      readonly type: 'delivery.dead';
      readonly applicationId: string;
      readonly endpointId: string;
      readonly eventId: string;
      readonly generation: number;
      readonly reason: string;
    };

const lifecycleSource = 'hook0';

/** Publishes to the lifecycle bus. Rejects when the bus refuses the event. */
export function createLifecycle({
  client,
  bus,
}: {
  readonly client: EventBridgeClient;
  readonly bus: string;
}) {
  return {
    async publish(event: LifecycleEvent): Promise<void> {
      const { type, ...detail } = event;
      const result = await client.send(
        new PutEventsCommand({
          Entries: [
            { EventBusName: bus, Source: lifecycleSource, DetailType: type, Detail: JSON.stringify(detail) },
          ],
        }),
      );
      const refused = result.Entries?.find((entry) => entry.ErrorCode);
      if (refused)
        throw new Error(
          `the lifecycle bus refused ${type}: ${refused.ErrorCode} ${refused.ErrorMessage ?? ''}`,
        );
    },
  };
}
