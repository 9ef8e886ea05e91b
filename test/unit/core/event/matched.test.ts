import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineEndpoints, type MatchedEndpoint, segmentSize } from '#core/event/event.ts';
import { matchedAmong, matchedEndpoint } from '#core/event/matched.ts';

const nameOf = (place: number): string => `ep_${String(place).padStart(7, '0')}`;

/** An event that matched every second of these endpoints, and what is read of its segments. */
function eventFor(endpointCount: number) {
  const all = Array.from(
    { length: endpointCount },
    (_, place): MatchedEndpoint => ({ endpointId: nameOf(2 * place), priority: 'normal' }),
  );
  const reads: number[] = [];
  const readSegment = async (_: string, segment: number) => {
    reads.push(segment);
    return all.slice(segment * segmentSize, (segment + 1) * segmentSize);
  };
  const isWide = endpointCount > inlineEndpoints;
  return { event: { id: 'evt_1', endpointCount, endpoints: isWide ? [] : all }, readSegment, reads };
}

describe('an endpoint that an event matched', () => {
  it('is found wherever it stands, and no other, in few reads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(0, 1, 50, 51, 1_000, 1_001, 2_500, 100_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async (endpointCount, share) => {
          const { event, readSegment, reads } = eventFor(endpointCount);
          const place = Math.floor(share * endpointCount);
          const found = await matchedEndpoint(event, nameOf(2 * place), readSegment);
          expect(found?.endpointId).toBe(endpointCount === 0 ? undefined : nameOf(2 * place));
          expect(await matchedEndpoint(event, nameOf(2 * place + 1), readSegment)).toBeUndefined();
          expect(reads.length).toBeLessThanOrEqual(2 * 7);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is none of an event whose segments were forgotten', async () => {
    const { event } = eventFor(2_500);
    expect(await matchedEndpoint(event, nameOf(2), async () => undefined)).toBeUndefined();
  });
});

describe('endpoints by name', () => {
  it('are found, and not those that the event did not match, each once', async () => {
    const { event, readSegment } = eventFor(2_500);
    const names = [nameOf(4_998), nameOf(1), nameOf(0), nameOf(4_998), nameOf(5_000)];
    const found = await matchedAmong(event, names, readSegment);
    expect(found.map(({ endpointId }) => endpointId)).toEqual([nameOf(4_998), nameOf(0)]);
  });

  it('are found in few reads, and a hundred of them in no more than there are segments', async () => {
    const one = eventFor(100_000);
    expect(await matchedAmong(one.event, [nameOf(0)], one.readSegment)).toHaveLength(1);
    expect(one.reads.length).toBeLessThanOrEqual(7);
    const many = eventFor(100_000);
    const names = Array.from({ length: 100 }, (_, n) => nameOf(2_000 * n));
    expect(await matchedAmong(many.event, names, many.readSegment)).toHaveLength(100);
    expect(new Set(many.reads).size).toBe(many.reads.length);
  });
});
