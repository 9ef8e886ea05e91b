import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { type LifecycleEvent, lifecycleDetail } from '#core/lifecycle/lifecycle-event.ts';

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
      const { type } = event;
      const Detail = JSON.stringify(lifecycleDetail(event));
      const result = await client.send(
        new PutEventsCommand({
          Entries: [{ EventBusName: bus, Source: lifecycleSource, DetailType: type, Detail }],
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
