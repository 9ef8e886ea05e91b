import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createMetrics, MetricUnit } from '#adapters/telemetry/telemetry.ts';
import { productFiles } from '#test/support/source-files.ts';
import { children, isNode, type Node, parse } from '#test/support/syntax/tree.ts';

// Metrics that functions write: alarms and dashboards of users name them. How to change one on purpose: change the list
// below in the same commit, with docs/ and CHANGELOG.md. After the first release it silences their alarms.
// test/constructs/frozen-template.test.ts has those that the dashboard and the alarms of the template read.

const names = `
AttemptDuration AttemptFailed AttemptSucceeded
ChangesUnreadable DeliverErrors
DeliveriesDiverted DeliveriesQueued DeliveriesReconciled DeliveriesRedriven DeliveriesRefusedByQueue
DeliveriesReleased
EventsAccepted FanOutErrors
MessagesQuarantined QuarantineErrors TaskErrors RollupErrors SchedulerErrors SlowMarkErrors
`;

it('functions write the same metrics', () => {
  const files = productFiles(fileURLToPath(new URL('../../..', import.meta.url)));
  const writing = files.filter(({ path }) => /^(?:adapters|lambdas)\//.test(path));
  const written = new Set(writing.flatMap(({ source }) => metricsIn(parse(source).root)));
  expect([...written].sort()).toEqual(names.trim().split(/\s+/).sort());
});

it('they keep their namespace and dimensions', () => {
  const metrics = createMetrics('deliver', 'Hook0');
  metrics.addMetric('AttemptDuration', MetricUnit.Milliseconds, 12);
  expect(metrics.serializeMetrics()).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'Hook0',
          Dimensions: [['service', 'deployment']],
          Metrics: [{ Name: 'AttemptDuration', Unit: 'Milliseconds' }],
        },
      ],
    },
    service: 'deliver',
    deployment: 'Hook0',
    AttemptDuration: 12,
  });
});

/** The names in the first argument of `addMetric`, and of options called `metric`. */
function metricsIn(node: Node): string[] {
  const { callee, key, value, arguments: given } = node;
  if (isNode(callee) && isNode(callee.property) && callee.property.value === 'addMetric')
    return Array.isArray(given) ? textsIn(given[0].expression) : [];
  if (isNode(key) && key.value === 'metric' && isNode(value)) return textsIn(value);
  return children(node).flatMap(metricsIn);
}

const textsIn = (node: Node): string[] =>
  node.type === 'StringLiteral' ? [String(node.value)] : children(node).flatMap(textsIn);
