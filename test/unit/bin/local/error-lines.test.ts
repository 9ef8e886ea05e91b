import { describe, expect, it } from 'vitest';
import { errorLines } from '#bin/local/error-lines.ts';
import { logSink } from '#local/lambda/logs.ts';
import { metricStore } from '#local/lambda/metrics.ts';

const deliverSlow = 'Hook0DeliverSlowFunction04FA3825';
const late = (fields: Record<string, unknown> = {}) =>
  JSON.stringify({
    level: 'ERROR',
    message: 'message postponed',
    messageId: crypto.randomUUID(),
    timestamp: new Date().toISOString(),
    error: 'TimeoutError',
    errorMessage: 'a request has exceeded the configured 5000 ms requestTimeout.',
    stack: 'TimeoutError: a request has exceeded\n    at index.mjs:1:1',
    ...fields,
  });

function terminal() {
  const written: string[] = [];
  let now = 0;
  const onLine = errorLines(
    (text) => written.push(text),
    () => now,
  );
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { written, logs: logSink({ metrics: metricStore(), onLine }), pass };
}

describe('an error on the terminal', () => {
  it('is one short line that names the function, what happened and why', () => {
    const { written, logs } = terminal();
    logs.write(deliverSlow, late());
    expect(written).toEqual([
      'DeliverSlow: message postponed: a request has exceeded the configured 5000 ms requestTimeout.\n',
    ]);
  });

  it.each([
    [
      { message: 'unexpected error', errorMessage: 'x', requestId: 'r-1' },
      'unexpected error: x (request r-1)',
    ],
    [
      { message: 'a part of the tick failed', part: 'recover', errorMessage: 'x' },
      'a part of the tick failed: recover: x',
    ],
    [{ message: 'put back', errorMessage: undefined, reason: 'no dead letter' }, 'put back: no dead letter'],
    [{ message: 'two\n  lines', errorMessage: '' }, 'two lines'],
    [{ message: 'm', errorMessage: 'y'.repeat(400) }, `m: ${'y'.repeat(297)}…`],
  ])('of %j says as much as there is', (fields, said) => {
    const { written, logs } = terminal();
    logs.write('Hook0ControlFunction1A2B3C4D', late(fields));
    expect(written).toEqual([`Control: ${said}\n`]);
  });

  it.each(['local', 'Hook0Function', 'Tiny'])('of %s has the name that it came with', (source) => {
    const { written, logs } = terminal();
    logs.write(source, '{"level":"ERROR","message":"m"}');
    expect(written).toEqual([`${source}: m\n`]);
  });
});

describe('errors that repeat', () => {
  const line =
    'DeliverSlow: message postponed: a request has exceeded the configured 5000 ms requestTimeout.';

  it('are written once in ten seconds, whatever ids they have, with how many came in between', () => {
    const { written, logs, pass } = terminal();
    for (let i = 0; i < 13; i += 1) logs.write(deliverSlow, late());
    pass(9_999);
    logs.write(deliverSlow, late());
    expect(written).toEqual([`${line}\n`]);
    pass(1);
    logs.write(deliverSlow, late());
    pass(10_000);
    logs.write(deliverSlow, late());
    expect(written.slice(1)).toEqual([`${line} (13 more in between)\n`, `${line}\n`]);
  });

  it('do not hide others', () => {
    const { written, logs } = terminal();
    logs.write(deliverSlow, late());
    logs.write('Hook0DeliverHighFunction04FA3825', late());
    logs.write(deliverSlow, late({ errorMessage: 'another' }));
    expect(written).toHaveLength(3);
  });
});
