// Promise 6 at its full size: 10,000 deliveries of one endpoint that hang for 30 s, then 10,000 that fail at once, then
// 10,000 that are answered, more than its queue bears, beside 100 well endpoints with 20 events a second:
// `npm run bench:isolation [deliveries]`, some minutes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openGateway } from '../local/gateway.ts';
import { startStack } from '../local/stack.ts';
import { synthesize } from '../local/synth.ts';
import { allowedDelay, measureIsolation, misbehaviours } from './isolation-run.ts';

const flood = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(flood) || flood < 1 || flood > 100_000)
  throw new Error(`deliveries must be a whole number from 1 to 100000, got ${process.argv[2]}`);

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'hook0-bench-'));
try {
  const assembly = await synthesize(folder);
  for (const [name, answer] of [
    ['hang for 30 s', misbehaviours.hangs],
    ['fail at once', misbehaviours.fails],
    ['are answered after 0.7 s', misbehaviours.floods],
  ] as const) {
    const stack = await startStack({
      ...{ assembly: assembly.folder, stackName: assembly.stackName, gateway: await openGateway(0) },
      dynamodbEndpoint: process.env.DYNAMODB_ENDPOINT,
      tickMs: 60_000,
      extraEnvironment: { HOOK0_LOCAL_TARGETS: 'allow' },
    });
    try {
      const result = await measureIsolation({
        ...{ url: stack.url, token: stack.adminToken, flood, answer, phase: 20_000 },
      });
      const { quiet, first, settled, flooded, requests, postedFlood } = result;
      print(
        `${flood} deliveries ${name}, posted in ${(postedFlood / 1_000).toFixed(1)} s; ${requests} requests`,
      );
      print(`  p99 of well endpoints: ${quiet} ms quiet, ${first} ms in the first ${settled / 1_000} s,`);
      print(`  ${flooded} ms after that (allowed: ${allowedDelay(result)} ms)`);
      if (flooded > allowedDelay(result)) process.exitCode = 1;
    } finally {
      await stack.stop();
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
