import { type Delivery, isHeldByCause } from '#core/delivery/delivery.ts';
import { watchdogEntryOf } from '#core/delivery/watchdog.ts';
import type { Life } from '../../plant/faults.ts';
import { minute } from '../../plant/plant.ts';
import { type Invariant, keyOf, type World } from '../world.ts';

interface Held {
  readonly delivery: Delivery;
  /** The work on a message that stored it and has not ended. */
  readonly life: Life | undefined;
}

// The scheduler stops looking at an endpoint when the index shows nothing so long after the cause of the holds ended.
const grace = 5 * minute;

/**
 * Each unsettled delivery is in the part of the index that is always read, or something looks at its endpoint. When the
 * index lags by more than the scheduler's patience, that is reconcile, so then only the end shows whether all is well.
 */
export function nothingUnwatched({ plant, story, violated }: World): Invariant {
  if (story.weather.lag >= grace) return {};
  const held = new Map<string, Held>();

  function check(): void {
    for (const [which, { delivery, life }] of held) {
      if (plant.tables.watched.has(delivery.endpointId)) continue;
      // Deliver looks at the endpoint once more after it stored the hold.
      if (life?.by === 'deliver' && !life.isOver) continue;
      violated(`${which} is held, and nothing looks at its endpoint`);
      held.delete(which);
    }
  }

  return {
    onDelivery(delivery, _, life) {
      const which = keyOf(delivery);
      held.delete(which);
      const isAlwaysRead = watchdogEntryOf(delivery)?.key.startsWith('DUE#') === true;
      if (isHeldByCause(delivery) && !isAlwaysRead) held.set(which, { delivery, life });
    },
    onEffect: check,
    onHandled(life) {
      for (const [which, entry] of held)
        if (entry.life === life) held.set(which, { ...entry, life: undefined });
      check();
    },
  };
}
