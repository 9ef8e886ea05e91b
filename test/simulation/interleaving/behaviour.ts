import type { RequestResult } from '#core/attempt/outcome.ts';
import { hour, minute, second } from '../plant/plant.ts';
import { answered } from '../plant/receivers.ts';
import type { Dice } from './dice.ts';

/** How a receiver answers. Times are milliseconds after the start. */
export type Behaviour =
  | { readonly kind: 'well' }
  /** Each request by chance. */
  | { readonly kind: 'flaky'; readonly failures: number }
  /** Every request in this time. */
  | { readonly kind: 'down'; readonly from: number; readonly until: number; readonly status: number }
  /** Only requests of some events, those whose id ends in one of these characters. */
  | { readonly kind: 'picky'; readonly endings: string; readonly status: number }
  /** Each request takes long. */
  | { readonly kind: 'slow'; readonly longest: number; readonly failures: number };

const failing = [500, 500, 502, 503, 429, 408, 302, 404, 410] as const;
// The characters of ids.
const characters = '0123456789abcdefghjkmnpqrstvwxyz';

export function drawBehaviour(dice: Dice, calmAt: number): Behaviour {
  const kind = dice.one<Behaviour['kind']>(['well', 'flaky', 'flaky', 'down', 'down', 'picky', 'slow']);
  switch (kind) {
    case 'well':
      return { kind };
    case 'flaky':
      return { kind, failures: dice.one([0.2, 0.5, 0.8]) };
    case 'down': {
      const from = dice.chance(0.6) ? 0 : dice.between(0, 5 * minute);
      return { kind, from, until: from + dice.between(minute, Math.min(calmAt, hour)), status: 500 };
    }
    case 'picky':
      return { kind, endings: characters.slice(dice.between(0, 31)), status: dice.one([500, 503, 404, 410]) };
    case 'slow':
      return {
        kind,
        longest: dice.one([2 * second, 12 * second, 40 * second]),
        failures: dice.one([0, 0.5]),
      };
  }
}

/** @param at milliseconds after the start */
export function answerOf(behaviour: Behaviour, dice: Dice, at: number, eventId: string): RequestResult {
  switch (behaviour.kind) {
    case 'well':
      return answered(200);
    case 'flaky':
      return dice.chance(behaviour.failures) ? failure(dice) : answered(200);
    case 'down':
      return at >= behaviour.from && at < behaviour.until ? refused(dice, behaviour.status) : answered(200);
    case 'picky':
      return behaviour.endings.includes(eventId.slice(-1)) ? refused(dice, behaviour.status) : answered(200);
    case 'slow': {
      const duration = dice.between(5, behaviour.longest);
      return { ...(dice.chance(behaviour.failures) ? failure(dice) : answered(200)), duration };
    }
  }
}

function failure(dice: Dice): RequestResult {
  if (dice.chance(0.2)) return { kind: 'failed', errorClass: 'connect', error: 'refused', duration: 20 };
  // Only rarely the end of an endpoint, so that most lives go on.
  const status = dice.one(failing);
  return refused(dice, status === 410 && dice.chance(0.7) ? 500 : status);
}

const refused = (dice: Dice, status: number): RequestResult =>
  (status === 503 || status === 429) && dice.chance(0.6)
    ? answered(status, dice.one([5 * second, 20 * second, 2 * minute]))
    : answered(status);
