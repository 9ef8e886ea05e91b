import { cleanCircuit } from '#core/circuit/circuit.ts';
import { lifecycleId } from '#core/lifecycle/lifecycle-event.ts';
import type { Plant } from './plant.ts';

/** How everything ended, in words that are the same in every run that ended well. */
export function summaryOf({ tables, announced }: Plant): readonly string[] {
  const deliveries = tables.deliveries.all();
  const eventIds = [...tables.events.keys()].toSorted();
  const endpointIds = [...new Set(deliveries.map(({ endpointId }) => endpointId))].toSorted();
  const ids = announced.map(lifecycleId);
  // What differs from run to run.
  const kinds = ids.map((id) => id.replace(/(endpoint\.disabled:[^:]+):\d+/, '$1').replace(/dlv_\w+/, 'dlv'));
  return [
    ...deliveries
      .map(({ endpointId, eventId, generation, state }) => {
        const why = 'reason' in state ? ` (${state.reason})` : '';
        const of = `event ${eventIds.indexOf(eventId)} to ${endpointIds.indexOf(endpointId)}`;
        return `${of}: ${state.status}${why} in generation ${generation}`;
      })
      .toSorted(),
    ...[...tables.endpoints.values()].map(({ record: { state, circuit = cleanCircuit }, isRouted }) => {
      return `endpoint: ${state.status} ${state.reason ?? ''}, circuit ${circuit.state}, routed ${isRouted}`;
    }),
    ...[...new Set(kinds)].toSorted(),
    `${new Set(ids).size} things announced`,
    // A task that was never begun is of a request that got no answer, and was asked for again.
    ...new Set(
      tables.tasks
        .all()
        .filter(({ step }) => step > 0)
        .map(({ work, status }) => `${work.kind}: ${status}`),
    ),
  ];
}
