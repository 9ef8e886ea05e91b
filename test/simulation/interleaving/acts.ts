import type { StatusAction } from '#core/endpoint/endpoint-status.ts';
import { minute, second } from '../plant/plant.ts';
import type { Dice } from './dice.ts';

const kinds = [
  ...(['pause', 'pause', 'resume', 'disable', 'enable', 'edit', 'reset', 'remove'] as const),
  ...(['retry', 'retry', 'delete-event', 'redrive', 'redrive', 'recover', 'replay', 'move-letters'] as const),
] as const;

/** What an operator does. Times are milliseconds after the start. */
export interface Act {
  readonly at: number;
  readonly kind: (typeof kinds)[number];
  /** Which endpoint and which event, counted from 0. */
  readonly endpoint: number;
  readonly event: number;
}

export const statusActions: ReadonlySet<string> = new Set<StatusAction>([
  ...(['pause', 'resume', 'enable', 'disable'] as const),
]);

interface Scope {
  readonly calmAt: number;
  readonly endpoints: number;
  readonly events: number;
}

export function drawActs(dice: Dice, { calmAt, endpoints, events }: Scope): Act[] {
  const count = dice.chance(0.3) ? 0 : dice.between(1, 6);
  return dice
    .many(count, () => dice.one(kinds))
    .flatMap((kind) => {
      const of = { endpoint: dice.between(0, endpoints - 1), event: dice.between(0, events - 1) };
      const at = dice.chance(0.5) ? dice.between(0, 10 * second) : dice.between(0, calmAt);
      const act: Act = { at, kind, ...of };
      // Most pauses end, and soon enough to meet what is under way.
      if (kind === 'pause')
        return [
          act,
          { ...act, kind: 'resume' as const, at: at + dice.one([second, 10 * second, 7 * minute]) },
        ];
      if (kind === 'disable' && dice.chance(0.5))
        return [act, { ...act, kind: 'enable' as const, at: at + dice.one([second, 2 * minute]) }];
      return [act];
    });
}
