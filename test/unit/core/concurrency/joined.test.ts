import { describe, expect, it } from 'vitest';
import { joined } from '#core/concurrency/joined.ts';

const counting = (most: number, fails = false) => {
  const calls: (readonly string[])[] = [];
  const call = joined(
    (item: string) => item.slice(0, 1),
    most,
    async (items) => {
      calls.push(items);
      if (fails) throw new Error('away');
      return items.map((item) => item.toUpperCase());
    },
  );
  return { calls, call };
};

describe('joined calls', () => {
  it('are one for all that ask at the same time, and each gets its own result', async () => {
    const { calls, call } = counting(10);
    expect(await Promise.all(['a1', 'a2', 'b1'].map(call))).toEqual(['A1', 'A2', 'B1']);
    expect(calls).toEqual([['a1', 'a2'], ['b1']]);
    await call('a3');
    expect(calls).toHaveLength(3);
  });

  it('take no more items than they may', async () => {
    const { calls, call } = counting(2);
    await Promise.all(['a1', 'a2', 'a3'].map(call));
    expect(calls).toEqual([['a1', 'a2'], ['a3']]);
  });

  it('fail for all who joined', async () => {
    const { call } = counting(10, true);
    const results = await Promise.allSettled([call('a1'), call('a2')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
