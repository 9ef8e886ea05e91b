import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBatches } from '#adapters/sqs/send.ts';

const mebibyte = 1024 * 1024;
const sized = (...kilobytes: number[]) => kilobytes.map((size) => ({ MessageBody: 'x'.repeat(size * 1024) }));
const total = (batch: readonly { MessageBody: string }[]) =>
  batch.reduce((sum, { MessageBody }) => sum + MessageBody.length, 0);

describe('toBatches', () => {
  it('keeps every batch within ten entries and 1 MiB, and all entries in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_024 }), { maxLength: 40, size: 'max' }), (sizes) => {
        const entries = sized(...sizes);
        const batches = toBatches(entries);
        expect(batches.flat()).toEqual(entries);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(total(batch)).toBeLessThanOrEqual(mebibyte);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('fills a batch before it begins the next', () => {
    expect(toBatches(sized(...Array(23).fill(1))).map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(toBatches(sized(512, 512, 1)).map(({ length }) => length)).toEqual([2, 1]);
    expect(toBatches([])).toEqual([]);
  });

  it('lets one that is too large stand alone, for SQS to refuse', () => {
    expect(toBatches(sized(1, 1_025, 1)).map(({ length }) => length)).toEqual([1, 1, 1]);
  });
});
