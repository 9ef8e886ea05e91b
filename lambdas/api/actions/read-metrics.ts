import type { PageRequest } from '#adapters/http-api/page.ts';
import { type Circuit, circuitView, cleanCircuit } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { noCounters } from '#core/statistics/counters.ts';
import type { EndpointMetrics, Metrics, QueueSize } from '#core/statistics/metrics.ts';
import type { Endpoints, Stats } from '../ports.ts';

export interface ReadMetricsOptions {
  readonly endpoints: Pick<Endpoints, 'list'>;
  readonly stats: Pick<Stats, 'totals'>;
  readonly queueSizes: () => Promise<readonly QueueSize[]>;
  readonly now: () => number;
}

/** Metrics that know when they last changed. */
export interface DatedMetrics extends Metrics {
  readonly endpoints: readonly (EndpointMetrics & { readonly updatedAt: number })[];
  /** When the events were last counted, epoch milliseconds. */
  readonly eventsUpdatedAt?: number;
}

const perPage = 100;

/** Reads what an application's metrics are made of: of some of its endpoints, in the order of their creation. */
export function createReadMetrics({ endpoints, stats, queueSizes, now }: ReadMetricsOptions) {
  async function list(applicationId: string, { limit, after }: PageRequest) {
    const records: EndpointRecord[] = [];
    let next = after;
    do {
      const page = {
        limit: Math.min(perPage, limit - records.length),
        ...(next === undefined ? {} : { after: next }),
      };
      const found = await endpoints.list(applicationId, page);
      records.push(...found.items);
      next = found.next;
    } while (next !== undefined && records.length < limit);
    return { records, next };
  }

  async function eventsOf(applicationId: string) {
    const [total] = await stats.totals([{ kind: 'application', applicationId }]);
    return { eventLabels: total?.counters.eventLabels ?? {}, eventsUpdatedAt: total?.updatedAt ?? 0 };
  }

  // An open circuit becomes half-open by time alone, so it may always have changed.
  const circuitChangedAt = (circuit: Circuit, at: number): number =>
    circuit.state === 'closed' ? (circuit.since ?? 0) : at;

  /**
   * @param page `after`: the endpoint after which to go on. Then events and queues are left out, since the scrape
   * before it has told them
   */
  return async (
    applicationId: string,
    { withQueues, ...page }: PageRequest & { readonly withQueues: boolean },
  ): Promise<{ readonly metrics: DatedMetrics; readonly next: string | undefined }> => {
    const isFirst = page.after === undefined;
    const [{ records, next }, events, queues] = await Promise.all([
      list(applicationId, page),
      isFirst ? eventsOf(applicationId) : {},
      isFirst && withQueues ? queueSizes() : undefined,
    ]);
    const totals = await stats.totals(
      records.map(({ endpoint }) => ({ kind: 'endpoint', endpointId: endpoint.id }) as const),
    );
    const found = records.map(({ endpoint, circuit = cleanCircuit }, index) => ({
      endpointId: endpoint.id,
      counters: totals[index]?.counters ?? noCounters,
      updatedAt: Math.max(totals[index]?.updatedAt ?? 0, circuitChangedAt(circuit, now())),
      circuit: circuitView(circuit, now()).state,
    }));
    return { metrics: { endpoints: found, ...events, ...(queues && { queues }) }, next };
  };
}
