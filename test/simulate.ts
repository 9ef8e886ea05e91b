import { parseArgs } from 'node:util';
import { simulate } from '#test/simulation/interleaving/simulate.ts';
import { Trace } from '#test/simulation/interleaving/trace.ts';

// `--seed N` lives one life and prints what happened. `--seeds N` lives N of them, from `--from` on, and stops at the
// first one in which something happens that must not, or goes on with `--keep-going`.

const progressEvery = 10_000;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string', default: '1000' },
      from: { type: 'string', default: '1' },
      'keep-going': { type: 'boolean', default: false },
    },
  });
  if (values.seed !== undefined) return liveOne(wholeNumber(values.seed));
  return liveMany(wholeNumber(values.from), wholeNumber(values.seeds), values['keep-going']);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RangeError(`expected a whole number from 0, received "${text}"`);
  return number;
}

async function liveOne(seed: number): Promise<number> {
  const trace = new Trace();
  const { story, violations } = await simulate(seed, trace.follow);
  write(`${JSON.stringify(story, undefined, 2)}\n${trace.lines.join('\n')}\n`);
  if (violations.length === 0) write(`seed ${seed}: all is well after ${trace.lines.length} lines\n`);
  for (const violation of violations) write(`seed ${seed}: ${trace.named(violation)}\n`);
  return violations.length === 0 ? 0 : 1;
}

async function liveMany(from: number, count: number, keepsGoing: boolean): Promise<number> {
  const startedAt = performance.now();
  let shownAt = startedAt;
  let failed = 0;
  for (let seed = from; seed < from + count; seed += 1) {
    const { violations } = await simulate(seed);
    if (violations.length > 0) {
      failed += 1;
      write(`seed ${seed} fails: ${violations.join('\n  ')}\nnpm run simulate -- --seed ${seed} shows how\n`);
      if (!keepsGoing) return 1;
    }
    if (performance.now() - shownAt < progressEvery) continue;
    shownAt = performance.now();
    const done = seed - from + 1;
    const rate = Math.round((done * 1_000) / (shownAt - startedAt));
    write(`${done} of ${count} seeds, ${rate} a second, ${failed} failed\n`);
  }
  write(`${count} seeds from ${from}: ${failed === 0 ? 'all is well' : `${failed} failed`}\n`);
  return failed === 0 ? 0 : 1;
}

function write(text: string): void {
  process.stdout.write(text);
}

process.exitCode = await main();
