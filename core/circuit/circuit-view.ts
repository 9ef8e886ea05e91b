import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { Circuit } from './circuit.ts';
import type { circuitViewSchema } from './circuit-view-schema.ts';

/** The circuit of an endpoint as the API shows it. */
export type CircuitView = ViewOf<typeof circuitViewSchema>;

/** @param now epoch milliseconds */
export function circuitView(circuit: Circuit, now: number): CircuitView {
  const { failures, failingSince } = circuit;
  const common = { failures, failingSince: failingSince === undefined ? undefined : iso(failingSince) };
  if (circuit.state === 'closed') return { state: 'closed', ...common };
  const state = now < circuit.until ? 'open' : 'half_open';
  return { state, ...common, openUntil: iso(circuit.until) };
}
