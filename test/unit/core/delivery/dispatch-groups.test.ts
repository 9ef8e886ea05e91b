import { describe, expect, it } from 'vitest';
import { dispatch } from '#core/delivery/dispatch.ts';
import type { MatchedEndpoint } from '#core/event/event.ts';
import { fairChoice } from '#local/engines/fair-queues.ts';
import { eventOf, idsAt, noon } from '#test/support/deliveries.ts';

const ids = idsAt(noon);

/** The fairness groups of the messages that an event's deliveries make, in their order. */
async function groupsOf(applicationId: string, endpoints: number, sent = endpoints): Promise<string[]> {
  const matched = Array.from(
    { length: sent },
    (): MatchedEndpoint => ({ endpointId: ids.endpoint(), priority: 'normal' }),
  );
  const groups: string[] = [];
  const event = eventOf({ applicationId, endpointCount: endpoints });
  await dispatch([{ event, endpoints: matched }], true, {
    now: () => noon,
    hold: async () => expect.unreachable(),
    queue: async (_, messages) => {
      groups.push(...messages.map(({ groupId }) => groupId));
      return [];
    },
  });
  return groups;
}

describe('the fairness groups of deliveries', () => {
  it.each([1, 50, 1_000])('are their endpoints, of an event for %i', async (endpoints) => {
    expect(new Set(await groupsOf('acme', endpoints)).size).toBe(endpoints);
  });

  it('keep an event for a hundred thousand endpoints from holding up what comes after it', async () => {
    const places = 1_000;
    const wide = await groupsOf('wide', 100_000, 5_000);
    const other = await groupsOf('other', 1);
    const inFlight = new Map<string, number>();
    for (const group of wide.slice(0, places)) inFlight.set(group, (inFlight.get(group) ?? 0) + 1);
    const waiting = [...wide.slice(places), ...other].map((messageGroupId) => ({ messageGroupId }));
    expect(fairChoice(waiting, inFlight, 10)).toContain(waiting.length - 1);
  });
});
