import { describe, expect, it } from 'vitest';
import { createLanes } from '#core/concurrency/concurrency.ts';

describe('lanes', () => {
  it('let so many run at a time, in order, whatever fails before', async () => {
    const inTurn = createLanes(2);
    const begun: number[] = [];
    let running = 0;
    const work = (number: number) => async () => {
      begun.push(number);
      running += 1;
      expect(running).toBeLessThanOrEqual(2);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      if (number % 3 === 0) throw new Error(`${number} fails`);
      return number;
    };
    const numbers = Array.from({ length: 9 }, (_, index) => index + 1);
    const results = await Promise.allSettled(numbers.map((number) => inTurn(work(number))));
    expect(begun).toEqual(numbers);
    expect(results.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))).toEqual([
      1, 2, 4, 5, 7, 8,
    ]);
  });
});
