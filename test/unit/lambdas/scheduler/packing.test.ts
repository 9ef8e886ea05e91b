import { describe, expect, it } from 'vitest';
import { shouldPack } from '#lambdas/scheduler/packing.ts';
import { minute, now } from './world.ts';

describe('packing an application’s routes', () => {
  it.each([
    ['few and fresh', { changes: 99, since: now - minute }, false],
    ['a hundred', { changes: 100, since: now }, true],
    ['one, ten minutes old', { changes: 1, since: now - 10 * minute }, true],
  ])('%s', (_, unpacked, expected) => {
    expect(shouldPack(unpacked, now)).toBe(expected);
  });
});
