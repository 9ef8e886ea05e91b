import { describe, expect, it } from 'vitest';
import { inTime, OutOfTime, until } from '#adapters/aws/deadline.ts';

const never = () => new Promise<never>(() => undefined);
const soon = () => Date.now() + 20;
const much = () => Date.now() + 60_000;

describe('a deadline', () => {
  it('ends the wait for a call that does not answer', async () => {
    await expect(until(soon(), () => inTime(never))).rejects.toBeInstanceOf(OutOfTime);
  });

  it('lets no call start after it', async () => {
    let calls = 0;
    const call = async () => {
      calls += 1;
    };
    await expect(until(Date.now() - 1, () => inTime(call))).rejects.toBeInstanceOf(OutOfTime);
    expect(calls).toBe(0);
  });

  it('passes on what a call in time answers or throws', async () => {
    expect(await until(much(), () => inTime(async () => 1))).toBe(1);
    await expect(until(much(), () => inTime(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
  });

  it('holds for all calls within, also after an await', async () => {
    const work = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return inTime(never);
    };
    await expect(until(soon(), work)).rejects.toBeInstanceOf(OutOfTime);
  });

  it('is the earlier one of two', async () => {
    await expect(until(soon(), () => until(much(), () => inTime(never)))).rejects.toBeInstanceOf(OutOfTime);
    await expect(until(much(), () => until(soon(), () => inTime(never)))).rejects.toBeInstanceOf(OutOfTime);
  });

  it('does not affect other calls', async () => {
    await expect(until(Date.now() - 1, () => inTime(async () => 1))).rejects.toBeInstanceOf(OutOfTime);
    expect(await inTime(async () => 1)).toBe(1);
  });
});
