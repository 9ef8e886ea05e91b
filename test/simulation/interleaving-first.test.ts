import { describe, expect, it } from 'vitest';
import { expectWell } from './interleaving/seeds.ts';
import { simulate } from './interleaving/simulate.ts';
import { Trace } from './interleaving/trace.ts';

// The other half of the seeds is in interleaving-second.test.ts, so that two workers share them.

const tracesOf = (seeds: readonly number[]) =>
  Promise.all(
    seeds.map(async (seed) => {
      const trace = new Trace();
      await simulate(seed, trace.follow);
      return trace.lines;
    }),
  );

describe('whatever happens at the same time', () => {
  it.each(Array.from({ length: 20 }, (_, part) => 0 + part * 50))(
    'every promise holds, for 50 seeds after %i',
    async (from) => {
      await expectWell(from + 1, 50);
    },
  );

  it('the same seed gives the same life', async () => {
    const seeds = [1, 2, 3];
    expect(await tracesOf(seeds)).toEqual(await tracesOf(seeds.toReversed()).then((all) => all.toReversed()));
  });
});
