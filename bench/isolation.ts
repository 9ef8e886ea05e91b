// Promise 6 at its full size: 10,000 deliveries of one endpoint that hang for 30 s, then 10,000 that fail at once, then
// 10,000 that are answered, more than its queue bears, beside 100 well endpoints with 20 events a second:
// `npm run bench:isolation [deliveries]`, some minutes.
import { allowedDelay, measureIsolation, misbehaviours } from './isolation-run.ts';
import { withStacks } from './stacks.ts';

const flood = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(flood) || flood < 1 || flood > 100_000)
  throw new Error(`deliveries must be a whole number from 1 to 100000, got ${process.argv[2]}`);

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

await withStacks(async (withStack) => {
  for (const [name, answer] of [
    ['hang for 30 s', misbehaviours.hangs],
    ['fail at once', misbehaviours.fails],
    ['are answered after 0.7 s', misbehaviours.floods],
  ] as const)
    await withStack(async (stack) => {
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
    });
});
