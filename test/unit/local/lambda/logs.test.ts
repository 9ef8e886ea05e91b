import { expect, it } from 'vitest';
import { isError, logSink } from '#local/lambda/logs.ts';
import { metricStore } from '#local/lambda/metrics.ts';

it('distinguishes lines about unexpected errors from the others', () => {
  const shown: string[] = [];
  const logs = logSink({
    metrics: metricStore(),
    onLine: (line) => {
      if (isError(line)) shown.push(line.text);
    },
  });
  const unexpected = '{"level":"ERROR","message":"unexpected error","requestId":"r"}';
  for (const text of [unexpected, '{"level":"WARN","message":"ERROR"}', 'ERROR', '{"level":']) {
    logs.write('Ingest', text);
  }
  expect(shown).toEqual([unexpected]);
});
