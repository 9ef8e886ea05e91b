import type { CircuitView } from '#core/circuit/circuit-view.ts';
import { type Counters, durationBounds, parseEventLabel } from './counters.ts';

/** The metrics of one endpoint, of all time. */
export interface EndpointMetrics {
  readonly endpointId: string;
  readonly counters: Counters;
  readonly circuit: CircuitView['state'];
}

/** The number of messages in a queue, as SQS estimates it. */
export interface QueueSize {
  readonly name: string;
  /** Messages that can be received. */
  readonly visible: number;
  /** Messages that were received and not deleted yet. Most of the retry queue wait for their backoff to end. */
  readonly inFlight: number;
  /** Messages whose delay has not ended. */
  readonly delayed: number;
}

/** The data of an application's metrics. */
export interface Metrics {
  readonly endpoints: readonly EndpointMetrics[];
  /** Events by `eventLabel`; only on the first page, so that a scrape of all pages counts them once. */
  readonly eventLabels?: Counters['eventLabels'];
  /** Only for operators, because all applications share the queues. */
  readonly queues?: readonly QueueSize[];
}

/** One number with its labels. The suffix follows the name of the family. */
export interface Sample {
  readonly suffix: '' | '_total' | '_bucket' | '_sum' | '_count';
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly value: number;
}

/** All samples of one name; the name has no `_total`. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly samples: readonly Sample[];
}

const circuitStates = { closed: 0, open: 1, half_open: 2 } as const;

/** The label of events beyond the limit of pairs of type and source. No event type has this form. */
const otherLabel = '(other)';

/** Metrics in the data model of Prometheus. Families without a sample are left out. */
export function families({ endpoints, eventLabels = {}, queues = [] }: Metrics): Family[] {
  const all: Family[] = [
    {
      name: 'hook0_events_received',
      type: 'counter',
      help: 'Accepted events.',
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
      help: 'Attempts by result.',
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
      help: 'Durations of attempts, including failed ones.',
      samples: endpoints.flatMap(histogram),
    },
    {
      name: 'hook0_queue_size',
      type: 'gauge',
      help: 'Estimated messages in a queue: visible, delayed and in flight.',
      samples: queues.map(({ name, visible, inFlight, delayed }) => ({
        suffix: '',
        labels: [['queue_name', name]],
        value: visible + inFlight + delayed,
      })),
    },
    {
      name: 'hook0_retry_attempts',
      type: 'counter',
      help: 'Attempts after the first, by attempt number.',
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

/** The same as `families`, in the form of the JSON answer. */
export function metricsView(metrics: Metrics) {
  return Object.fromEntries(
    families(metrics).map(({ name, type, help, samples }) => [
      type === 'counter' ? `${name}_total` : name,
      {
        type,
        help,
        samples: samples.map(({ suffix, labels, value }) => ({
          name: type === 'histogram' ? name + suffix : undefined,
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
