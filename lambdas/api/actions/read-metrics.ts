import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';
import { circuitView } from '#core/circuit/circuit-view.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';
import type { PageRequest } from '#core/page/page.ts';
import { noCounters } from '#core/statistics/counters.ts';
import type { EndpointMetrics, Metrics } from '#core/statistics/metrics.ts';
import type { Services } from '../services.ts';

export type MetricsServices = Pick<Services, 'endpoints' | 'statistics' | 'queueSizes' | 'now'>;

/** Metrics with the times at which they last changed. */
export interface DatedMetrics extends Metrics {
  readonly endpoints: readonly (EndpointMetrics & { readonly updatedAt: number })[];
  /** When the last events were counted, epoch milliseconds. */
  readonly eventsUpdatedAt?: number;
}

const perPage = 100;

/**
 * Reads the metrics of an application for some of its endpoints, in the order of their creation.
 *
 * @param page `after`: the endpoint before the first one. The metrics of later pages leave out events and queues, because
 *   the first page has them.
 */
export async function readMetrics(
  services: MetricsServices,
  applicationId: string,
  { withQueues, ...page }: PageRequest & { readonly withQueues: boolean },
): Promise<{ readonly metrics: DatedMetrics; readonly next: string | undefined }> {
  const { statistics, queueSizes, now } = services;
  const isFirst = page.after === undefined;
  const [{ records, next }, events, queues] = await Promise.all([
    listEndpoints(services, applicationId, page),
    isFirst ? eventsOf(services, applicationId) : {},
    isFirst && withQueues ? queueSizes() : undefined,
  ]);
  const totals = await statistics.totals(
    records.map(({ endpoint }) => ({ kind: 'endpoint', endpointId: endpoint.id }) as const),
  );
  const endpoints = records.map(({ endpoint, circuit = cleanCircuit }, index) => ({
    endpointId: endpoint.id,
    counters: totals[index]?.counters ?? noCounters,
    updatedAt: Math.max(totals[index]?.updatedAt ?? 0, circuitChangedAt(circuit, now())),
    circuit: circuitView(circuit, now()).state,
  }));
  return { metrics: { endpoints, ...events, queues }, next };
}

async function listEndpoints(
  { endpoints }: Pick<Services, 'endpoints'>,
  applicationId: string,
  { limit, after }: PageRequest,
) {
  const records: OutlineRecord[] = [];
  let next = after;
  do {
    const page = await endpoints.outlines(applicationId, {
      limit: Math.min(perPage, limit - records.length),
      after: next,
    });
    records.push(...page.items);
    next = page.next;
  } while (next !== undefined && records.length < limit);
  return { records, next };
}

async function eventsOf({ statistics }: Pick<Services, 'statistics'>, applicationId: string) {
  const [total] = await statistics.totals([{ kind: 'application', applicationId }]);
  return { eventLabels: total?.counters.eventLabels ?? {}, eventsUpdatedAt: total?.updatedAt ?? 0 };
}

/** An open circuit becomes half-open by time alone, so it may have changed at any time. */
const circuitChangedAt = (circuit: Circuit, at: number): number =>
  circuit.state === 'closed' ? (circuit.since ?? 0) : at;
