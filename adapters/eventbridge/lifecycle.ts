import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { eventBridge } from '#adapters/aws/clients.ts';
import { type AnnouncedEvents, createAnnounce } from '#core/lifecycle/announce.ts';
import { type LifecycleEvent, lifecycleDetail } from '#core/lifecycle/lifecycle-event.ts';

const lifecycleSource = 'hook0';

/**
 * The lifecycle bus.
 *
 * @param name of the EventBridge bus
 */
export function createLifecycle(name: string, watched: AnnouncedEvents, client = eventBridge()) {
  async function publish(event: LifecycleEvent): Promise<void> {
    const { type } = event;
    const Detail = JSON.stringify(lifecycleDetail(event));
    const result = await client.send(
      new PutEventsCommand({
        Entries: [{ EventBusName: name, Source: lifecycleSource, DetailType: type, Detail }],
      }),
    );
    const refused = result.Entries?.find((entry) => entry.ErrorCode);
    if (refused)
      throw new Error(
        `the lifecycle bus refused ${type}: ${refused.ErrorCode} ${refused.ErrorMessage ?? ''}`,
      );
  }

  return { publish, announce: createAnnounce({ publish }, watched) };
}
