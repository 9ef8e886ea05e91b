import fc from 'fast-check';
import parsePrometheus from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { eventLabel, noCounters, otherEvents } from '#core/statistics/counters.ts';
import { contentTypes, exposition, preferredFormat } from '#core/statistics/exposition.ts';
import { families, type Metrics, metricsView } from '#core/statistics/metrics.ts';

const endpoint = {
  endpointId: 'ep_1',
  counters: {
    ...noCounters,
    attempts: 7,
    successes: 4,
    duration: 4_250,
    durations: [1, 2, 0, 0, 3, 0, 0, 1],
    retries: { 2: 2, 3: 1 },
  },
  circuit: 'half_open',
} as const;
const metrics: Metrics = {
  endpoints: [endpoint],
  eventLabels: {
    [eventLabel('order.created', 'shop')]: 5,
    [eventLabel('order.paid', '')]: 2,
    [otherEvents]: 9,
  },
  queues: [{ name: 'retry', visible: 3, inFlight: 2, delayed: 1 }],
};

describe('the text format 0.0.4', () => {
  it('says exactly this', () => {
    expect(exposition(families(metrics), 'text', ['There is more.'])).toBe(`# There is more.
# HELP hook0_events_received_total Accepted events.
# TYPE hook0_events_received_total counter
hook0_events_received_total{event_type="order.created",source="shop"} 5
hook0_events_received_total{event_type="order.paid",source=""} 2
hook0_events_received_total{event_type="(other)",source="(other)"} 9
# HELP hook0_webhooks_sent_total Attempts by result.
# TYPE hook0_webhooks_sent_total counter
hook0_webhooks_sent_total{endpoint="ep_1",status="success"} 4
hook0_webhooks_sent_total{endpoint="ep_1",status="failure"} 3
# HELP hook0_webhook_duration_seconds Durations of attempts, including failed ones.
# TYPE hook0_webhook_duration_seconds histogram
hook0_webhook_duration_seconds_bucket{endpoint="ep_1",le="0.1"} 1
hook0_webhook_duration_seconds_bucket{endpoint="ep_1",le="0.5"} 3
hook0_webhook_duration_seconds_bucket{endpoint="ep_1",le="1.0"} 3
hook0_webhook_duration_seconds_bucket{endpoint="ep_1",le="2.0"} 3
hook0_webhook_duration_seconds_bucket{endpoint="ep_1",le="5.0"} 6
hook0_webhook_duration_seconds_bucket{endpoint="ep_1",le="10.0"} 6
hook0_webhook_duration_seconds_bucket{endpoint="ep_1",le="30.0"} 6
hook0_webhook_duration_seconds_bucket{endpoint="ep_1",le="+Inf"} 7
hook0_webhook_duration_seconds_sum{endpoint="ep_1"} 4.25
hook0_webhook_duration_seconds_count{endpoint="ep_1"} 7
# HELP hook0_queue_size Estimated messages in a queue: visible, delayed and in flight.
# TYPE hook0_queue_size gauge
hook0_queue_size{queue_name="retry"} 6
# HELP hook0_retry_attempts_total Attempts after the first, by attempt number.
# TYPE hook0_retry_attempts_total counter
hook0_retry_attempts_total{endpoint="ep_1",attempt_number="2"} 2
hook0_retry_attempts_total{endpoint="ep_1",attempt_number="3"} 1
# HELP hook0_circuit_breaker_state The circuit of an endpoint: 0 closed, 1 open, 2 half-open.
# TYPE hook0_circuit_breaker_state gauge
hook0_circuit_breaker_state{endpoint="ep_1"} 2
`);
  });

  it('is read by others as it was meant, whatever an event’s source is called', () => {
    const lineFree = fc.string({ unit: 'binary' }).filter((source) => !/[\n\r\u2028\u2029]/.test(source));
    fc.assert(
      fc.property(lineFree, fc.nat(), (source, count) => {
        const text = exposition(
          families({ endpoints: [], eventLabels: { [eventLabel('a', source)]: count } }),
          'text',
        );
        const [family] = parsePrometheus(text);

        expect(family?.metrics[0]).toMatchObject({ value: String(count), labels: { event_type: 'a' } });
      }),
    );
  });

  it('escapes what would end a label', () => {
    const eventLabels = { [eventLabel('a', 'back\\slash "quoted"\nline')]: 1 };

    expect(exposition(families({ endpoints: [], eventLabels }), 'text')).toContain(
      String.raw`source="back\\slash \"quoted\"\nline"`,
    );
  });

  it('leaves out what there is nothing of', () => {
    expect(exposition(families({ endpoints: [] }), 'text')).toBe('');
  });
});

/** OpenMetrics 1.0, the ABNF of its section 4.1, without what we never write: units, timestamps, exemplars. */
const number = String.raw`[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?`;
const labelText = String.raw`"(?:[^"\\\n]|\\[\\n"])*"`;
const labels = String.raw`\{[a-z_]+=${labelText}(?:,[a-z_]+=${labelText})*\}`;
const grammar = new RegExp(
  String.raw`^(?:# HELP \w+ [^\n\\"]+\n# TYPE \w+ (?:counter|gauge|histogram)\n(?:\w+${labels} ${number}\n)+)*# EOF\n$`,
);

describe('OpenMetrics', () => {
  it('follows the grammar, names families without _total, and ends', () => {
    const text = exposition(families(metrics), 'openmetrics', ['not allowed here']);

    expect(text).toMatch(grammar);
    expect(text).toContain('# TYPE hook0_webhooks_sent counter\nhook0_webhooks_sent_total{');
  });

  it('follows the grammar for any source and number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (source, count) => {
        const eventLabels = { [eventLabel('a', source)]: count };
        expect(exposition(families({ endpoints: [], eventLabels }), 'openmetrics')).toMatch(grammar);
      }),
    );
  });

  it('is refused by the grammar when a line is broken', () => {
    expect('hook0_x{a="b"} 1\n# EOF\n').not.toMatch(grammar);
  });
});

describe('the format', () => {
  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/plain', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    ['application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'openmetrics'],
    ['application/openmetrics-text;q=0.1, text/plain', 'text'],
    ['application/json', 'text'],
    ['application/openmetrics-text;q=high', 'text'],
  ])('for Accept: %s is %s', (accept, format) => {
    expect(preferredFormat(accept)).toBe(format);
  });

  it('is said', () => {
    expect(contentTypes.text).toContain('version=0.0.4');
    expect(contentTypes.openmetrics).toContain('application/openmetrics-text; version=1.0.0');
  });
});

describe('the JSON view', () => {
  it('has the same names, labels and numbers', () => {
    const view = metricsView(metrics);

    expect(Object.keys(view)).toEqual([
      'hook0_events_received_total',
      'hook0_webhooks_sent_total',
      'hook0_webhook_duration_seconds',
      'hook0_queue_size',
      'hook0_retry_attempts_total',
      'hook0_circuit_breaker_state',
    ]);
    expect(view.hook0_webhooks_sent_total).toMatchObject({
      type: 'counter',
      samples: [
        { labels: { endpoint: 'ep_1', status: 'success' }, value: 4 },
        { labels: { endpoint: 'ep_1', status: 'failure' }, value: 3 },
      ],
    });
  });
});
