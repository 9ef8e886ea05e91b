import type { CircuitView } from '#core/circuit/circuit-view.ts';
import { type Counters, durationBounds, parseEventLabel } from './counters.ts';

/** All time, of one endpoint. */
export interface EndpointMetrics {
  readonly endpointId: string;
  readonly counters: Counters;
  readonly circuit: CircuitView['state'];
}

/** Messages of a queue, as SQS estimates them. */
export interface QueueSize {
  readonly name: string;
  /** Wait to be received. */
  readonly visible: number;
  /** Received and not yet dealt with; of the retry queue most of them wait out their backoff. */
  readonly inFlight: number;
  /** Wait for their delay to end. */
  readonly delayed: number;
}

/** What an application's metrics are made of. */
export interface Metrics {
  readonly endpoints: readonly EndpointMetrics[];
  /** Events by `eventLabel`; absent where a scrape goes on with more endpoints, which would count them again. */
  readonly eventLabels?: Counters['eventLabels'];
  /** Only for operators, since queues belong to no application. */
  readonly queues?: readonly QueueSize[];
}

/** One number with its labels. Suffix: what follows the family's name. */
export interface Sample {
  readonly suffix: '' | '_total' | '_bucket' | '_sum' | '_count';
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

/** All samples of one name, without `_total`. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

const circuitStates = { closed: 0, open: 1, half_open: 2 } as const;

/**
 * The label of events that came when an application had used up its pairs of types and sources. No event type looks
 * like this.
 */
export const otherLabel = '(other)';

/** Metrics by name, in the data model of Prometheus. Families without a sample are left out. */
export function families({ endpoints, eventLabels = {}, queues = [] }: Metrics): Family[] {
  const all: Family[] = [
    {
      name: 'hook0_events_received',
      type: 'counter',
      help: 'Events that were accepted.',
      samples: Object.entries(eventLabels).map(([label, value]) => {
        const { type, source } = eventNames(label);
        return total(
          [
            ['event_type', type],
            ['source', source],
          ],
          value,
        );
      }),
    },
    {
      name: 'hook0_webhooks_sent',
      type: 'counter',
      help: 'Attempts, by whether they succeeded.',
      samples: endpoints.flatMap(({ endpointId, counters: { attempts, successes } }) => [
        total(
          [
            ['endpoint', endpointId],
            ['status', 'success'],
          ],
          successes,
        ),
        total(
          [
            ['endpoint', endpointId],
            ['status', 'failure'],
          ],
          attempts - successes,
        ),
      ]),
    },
    {
      name: 'hook0_webhook_duration_seconds',
      type: 'histogram',
      help: 'How long attempts took, those that failed included.',
      samples: endpoints.flatMap(histogram),
    },
    {
      name: 'hook0_queue_size',
      type: 'gauge',
      help: 'Messages in a queue, waiting, delayed or received, as SQS estimates them.',
      samples: queues.map(({ name, visible, inFlight, delayed }) => ({
        suffix: '',
        labels: [['queue_name', name]],
        value: visible + inFlight + delayed,
      })),
    },
    {
      name: 'hook0_retry_attempts',
      type: 'counter',
      help: 'Attempts after the first, by their number.',
      samples: endpoints.flatMap(({ endpointId, counters: { retries } }) =>
        Object.entries(retries).map(([number, value]) =>
          total(
            [
              ['endpoint', endpointId],
              ['attempt_number', number],
            ],
            value,
          ),
        ),
      ),
    },
    {
      name: 'hook0_circuit_breaker_state',
      type: 'gauge',
      help: 'The circuit of an endpoint: 0 closed, 1 open, 2 half-open.',
      samples: endpoints.map(({ endpointId, circuit }) => ({
        suffix: '',
        labels: [['endpoint', endpointId]],
        value: circuitStates[circuit],
      })),
    },
  ];
  return all.filter(({ samples }) => samples.length > 0);
}

/** The same as `families`, for the JSON answer: an object for each sample, by the sample's own name. */
export function metricsView(metrics: Metrics) {
  return Object.fromEntries(
    families(metrics).map(({ name, type, help, samples }) => [
      type === 'counter' ? `${name}_total` : name,
      {
        ...{ type, help },
        samples: samples.map(({ suffix, labels, value }) => ({
          ...(type === 'histogram' ? { name: name + suffix } : {}),
          labels: Object.fromEntries(labels),
          value,
        })),
      },
    ]),
  );
}

function eventNames(label: string): { readonly type: string; readonly source: string } {
  const { type, source } = parseEventLabel(label);
  return type === '' ? { type: otherLabel, source: otherLabel } : { type, source };
}

const total = (labels: Sample['labels'], value: number): Sample => ({ suffix: '_total', labels, value });

function histogram({ endpointId, counters: { durations, duration } }: EndpointMetrics): Sample[] {
  const endpoint = ['endpoint', endpointId] as const;
  let below = 0;
  const buckets = durations.map((count, index): Sample => {
    below += count;
    const bound = durationBounds[index];
    const le = bound === undefined ? '+Inf' : bound.toFixed(1);
    return { suffix: '_bucket', labels: [endpoint, ['le', le]], value: below };
  });
  return [
    ...buckets,
    { suffix: '_sum', labels: [endpoint], value: duration / 1_000 },
    { suffix: '_count', labels: [endpoint], value: below },
  ];
}
