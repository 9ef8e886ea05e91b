import { hour } from '../../plant/plant.ts';
import { type Invariant, keyOf, type World } from '../world.ts';

// The longest outage of a story.
const longestOutage = 5 * hour;

/** An outage of what Hook0 itself needs delays deliveries and does not kill them. */
export function outagesOnlyDelay({ plant, violated }: World): Invariant {
  /** When something went right last. */
  const movedAt = new Map<string, number>();
  return {
    onDelivery(next, before) {
      const which = keyOf(next);
      const since = movedAt.get(which) ?? next.createdAt;
      const isDead = next.state.status === 'dead' && before?.state.status !== 'dead';
      if (isDead && next.state.status === 'dead' && next.state.reason === 'internal') {
        const lasted = plant.now - since;
        if (lasted < longestOutage)
          violated(`${which} is dead (internal) ${Math.round(lasted / 60_000)} minutes after it went on`);
      }
      const hasMoved = next.generation !== before?.generation || next.attemptCount !== before.attemptCount;
      if (hasMoved && before) movedAt.set(which, plant.now);
    },
  };
}
