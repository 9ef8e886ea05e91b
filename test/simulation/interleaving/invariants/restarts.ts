import { deliveryId } from '#core/id/ids.ts';
import { decodeMessage } from '#core/message/codec.ts';
import type { Message } from '#core/message/message.ts';
import { minute } from '../../plant/plant.ts';
import { type Invariant, keyOf, type World } from '../world.ts';

// As long as a message in a queue counts as on its way. A restart that sent none is noticed before.
const watchMargin = 15 * minute;
const tolerance = 3 * minute;
// With more going wrong, the scheduler may fail several times in a row.
const fewFaults = 0.005;

/** A delivery that a task restarted is queued soon, whatever happens to the task between the two. */
export function restartsAreQueued({ plant, story, violated }: World): Invariant {
  const { outages, rate, lag } = story.weather;
  if (outages.length > 0 || rate > fewFaults) return {};
  const longest = watchMargin - tolerance + lag;
  /** When each was restarted whose message was not sent yet. */
  const restartedAt = new Map<string, number>();

  return {
    onDelivery(next, before, { message }) {
      const which = keyOf(next);
      restartedAt.delete(which);
      const isTask = message !== undefined && decodeMessage(message.body).kind === 'task';
      if (isTask && before && next.generation > before.generation) restartedAt.set(which, plant.now);
    },
    onEffect({ name, args }) {
      if (restartedAt.size === 0 || !name.endsWith('queue.send')) return;
      const [body] = args as [Message];
      if (body.kind !== 'delivery') return;
      const which = deliveryId(body.endpointId, body.eventId);
      const at = restartedAt.get(which);
      restartedAt.delete(which);
      if (at !== undefined && plant.now - at > longest)
        violated(`${which} was restarted and queued ${Math.round((plant.now - at) / minute)} minutes later`);
    },
  };
}
