import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { createFunctionClock } from '#local/lambda/clock.ts';
import { LambdaFunction } from '#local/lambda/function.ts';
import { logSink } from '#local/lambda/logs.ts';
import { metricStore } from '#local/lambda/metrics.ts';
import type { FunctionSettings } from '#local/lambda/settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'hook0-lambda-'));
const logs = logSink({ metrics: metricStore() });
const running: LambdaFunction[] = [];
let count = 0;

function lambda(source: string, settings: Partial<FunctionSettings> = {}): LambdaFunction {
  const module = join(folder, `module-${count++}.mjs`);
  writeFileSync(module, source);
  const created = new LambdaFunction(
    {
      logicalId: `Function${count}`,
      name: 'tiny',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:tiny',
      module,
      handler: 'handler',
      environment: { AWS_LAMBDA_FUNCTION_NAME: 'tiny', GREETING: 'hello' },
      memoryMb: 128,
      timeoutMs: 20_000,
      ...settings,
    },
    logs,
  );
  running.push(created);
  return created;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const payloadOf = async (target: LambdaFunction, event: unknown = {}) => {
  const result = await target.invoke(JSON.stringify(event));
  return result.kind === 'result' ? JSON.parse(result.payload) : result;
};

describe('a function in threads', () => {
  it('sees its own environment and nothing of the parent', async () => {
    process.env.HOOK0_PARENT_ONLY = 'secret';
    const env = await payloadOf(lambda('export const handler = async () => process.env'));
    expect(env).toMatchObject({ GREETING: 'hello', AWS_LAMBDA_FUNCTION_NAME: 'tiny' });
    expect(Object.keys(env).toSorted()).toEqual([
      'AWS_LAMBDA_FUNCTION_NAME',
      'AWS_LAMBDA_LOG_STREAM_NAME',
      'GREETING',
    ]);
  });

  it('sees the clock that it is given, and its deadline by this machine’s clock', async () => {
    const source = `
      const loaded = Date.now;
      export const handler = async (event, context) => ({
        ...{ now: loaded(), made: new Date().getTime(), read: new Date('2026-01-31T12:00:00Z').toISOString() },
        ...{ isDate: new Date() instanceof Date, left: context.getRemainingTimeInMillis() },
      });`;
    const clock = createFunctionClock();
    const target = lambda(source, { clock });
    const hour = 60 * 60_000;
    for (const ahead of [0, hour]) {
      const before = Date.now();
      const { now, made, read, isDate, left } = await payloadOf(target);
      for (const time of [now, made]) {
        expect(time).toBeGreaterThanOrEqual(before + ahead);
        expect(time).toBeLessThanOrEqual(Date.now() + ahead);
      }
      expect([read, isDate]).toEqual(['2026-01-31T12:00:00.000Z', true]);
      expect(left).toBeGreaterThan(10_000);
      clock.advance(hour);
    }
  });

  it('keeps its state between invocations of a warm instance', async () => {
    const target = lambda('let n = 0; export const handler = async () => ++n');
    expect([await payloadOf(target), await payloadOf(target), await payloadOf(target)]).toEqual([1, 2, 3]);
    expect(target.instances).toBe(1);
  });

  it('runs one invocation per instance at a time and queues beyond the limit', async () => {
    const gate = join(folder, 'gate');
    const target = lambda(
      `import { existsSync } from 'node:fs';
       let busy = 0, most = 0;
       export const handler = async ({ gate }) => {
         most = Math.max(most, ++busy);
         while (!existsSync(gate)) await new Promise((resolve) => setTimeout(resolve, 10));
         busy--;
         return most;
       };`,
    );
    const results = Promise.all(Array.from({ length: 14 }, () => payloadOf(target, { gate })));
    await vi.waitFor(() => expect(target.instances).toBe(10), { timeout: 20_000, interval: 20 });
    writeFileSync(gate, '');
    const slow = await results;
    expect(new Set(slow)).toEqual(new Set([1]));
    expect(target.instances).toBe(10);
  });

  it('starts no second instance for callers that a busy one serves soon', async () => {
    const target = lambda('export const handler = async () => 1');
    await payloadOf(target);
    await Promise.all(Array.from({ length: 20 }, () => payloadOf(target)));
    expect(target.instances).toBe(1);
  });

  it('gives every caller the reason when no instance starts', async () => {
    const target = lambda('throw new Error("no start")');
    const results = await Promise.all([1, 2, 3].map(() => target.invoke('{}')));
    expect(results).toMatchObject(Array(3).fill({ kind: 'error', error: { errorMessage: 'no start' } }));
    expect(target.instances).toBe(0);
  });

  it('throttles beyond reserved concurrency', async () => {
    const target = lambda('export const handler = () => new Promise((resolve) => setTimeout(resolve, 300))', {
      reservedConcurrency: 1,
    });
    const results = await Promise.all([target.invoke('{}'), target.invoke('{}')]);
    expect(results.map((result) => result.kind)).toEqual(['result', 'throttled']);
  });

  it('ends an instance that exceeds the timeout and starts another', async () => {
    const target = lambda(
      'export const handler = async (event) => event.hang ? new Promise(() => setInterval(() => 0, 10)) : 1',
      { timeoutMs: 100 },
    );
    expect(await target.invoke('{"hang":true}')).toMatchObject({
      kind: 'error',
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringMatching(/Task timed out after 0\.10 seconds$/),
      },
    });
    expect(await payloadOf(target)).toBe(1);
    expect(target.instances).toBe(1);
  });

  it('reports errors in the form of Lambda', async () => {
    const target = lambda('export const handler = async () => { throw new RangeError("too far"); }');
    expect(await target.invoke('{}')).toMatchObject({
      kind: 'error',
      error: {
        errorType: 'RangeError',
        errorMessage: 'too far',
        trace: expect.arrayContaining(['RangeError: too far']),
      },
    });
  });

  it.each([
    ['a module that throws', 'throw new Error("no start")', /no start/],
    ['a missing export', 'export const other = 1', /exports no function named handler/],
    ['an exit', 'export const handler = () => process.exit(3)', /exited with code 3/],
    [
      'an unhandled rejection',
      'export const handler = () => { Promise.reject(new Error("lost")); return new Promise(() => setInterval(() => 0, 10)); }',
      /lost/,
    ],
  ])('survives %s', async (_name, source, message) => {
    expect(await lambda(source).invoke('{}')).toMatchObject({
      kind: 'error',
      error: { errorMessage: expect.stringMatching(message) },
    });
  });

  it('gives the context that handlers expect', async () => {
    const target = lambda(
      `export const handler = async (event, context) => ({
        ...context, left: context.getRemainingTimeInMillis(),
      })`,
    );
    expect(await payloadOf(target)).toMatchObject({
      functionName: 'tiny',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tiny',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      left: expect.closeTo(20_000, -4),
    });
  });

  it('collects what the function prints', async () => {
    const target = lambda(
      'export const handler = async () => { console.log(JSON.stringify({ level: "INFO", n: 7 })); }',
    );
    await target.invoke('{}');
    await vi.waitFor(() => {
      expect(logs.lines(target.settings.logicalId)).toMatchObject([{ record: { level: 'INFO', n: 7 } }]);
    });
  });
});
