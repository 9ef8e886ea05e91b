import { expect } from 'vitest';
import { simulate } from './simulate.ts';

/** Lives a life for each seed, and expects nothing that must not happen. */
export async function expectWell(from: number, count: number): Promise<void> {
  for (let seed = from; seed < from + count; seed += 1) {
    const { violations } = await simulate(seed);
    expect(violations, `seed ${seed}; npm run simulate -- --seed ${seed} shows how`).toEqual([]);
  }
}
