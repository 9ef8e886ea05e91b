import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairChoice } from '#local/engines/fair-queues.ts';

const waiting = (groups: readonly (string | undefined)[]) =>
  groups.map((messageGroupId) => (messageGroupId === undefined ? {} : { messageGroupId }));

/** What the choice must be, one message after another, looking at each that waits. */
function chosenOneByOne(
  groups: readonly (string | undefined)[],
  inFlight: Map<string, number>,
  count: number,
) {
  const busy = new Map(inFlight);
  const chosen: number[] = [];
  const busyOf = (index: number) => busy.get(groups[index] ?? '') ?? 0;
  while (chosen.length < Math.min(count, groups.length)) {
    const [next = -1] = groups
      .map((_, index) => index)
      .filter((index) => !chosen.includes(index))
      .sort((a, b) => busyOf(a) - busyOf(b) || a - b);
    chosen.push(next);
    const group = groups[next];
    if (group !== undefined) busy.set(group, (busy.get(group) ?? 0) + 1);
  }
  return chosen;
}

describe('a fair queue', () => {
  const group = fc.constantFrom('a', 'b', 'c', 'd', undefined);

  it('gives the next place to the group with the fewest in flight, and of equals to who waits longest', () => {
    fc.assert(
      fc.property(
        fc.array(group, { maxLength: 40 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 5 })),
        fc.integer({ min: 1, max: 10 }),
        (groups, busy, count) => {
          const inFlight = new Map(Object.entries(busy));
          expect(fairChoice(waiting(groups), inFlight, count)).toEqual(
            chosenOneByOne(groups, inFlight, count),
          );
        },
      ),
    );
  });

  it('lets one message pass a thousand of a flood', () => {
    const flood = Array.from({ length: 1_000 }, () => 'flood');
    expect(fairChoice(waiting([...flood, 'quiet']), new Map([['flood', 1]]), 2)).toEqual([1_000, 0]);
  });
});
