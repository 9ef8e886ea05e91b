import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/delivery/delivery.ts';
import type { MatchedEndpoint, StoredEvent } from '#core/event/event.ts';
import type { TaskWork } from '#core/task/task.ts';
import { deliveryOf, eventOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';
import { day, hour, world } from './world.ts';

describe('a replay task', () => {
  const ids = idsAt(noon);
  const names = ['had', 'dead', 'unsent', 'held', 'forgotten'] as const;
  const endpoints = Object.fromEntries(names.map((name) => [name, ids.endpoint()]));
  const matched: MatchedEndpoint[] = names.map((name) => ({
    endpointId: endpoints[name] ?? '',
    priority: 'normal',
  }));
  const eventAt = (deliverAt: number) =>
    eventOf({ timestamp: deliverAt, deliverAt, endpointCount: matched.length, endpoints: matched });
  const stored = (event: StoredEvent) => {
    const of = (name: string) => deliveryOf({ endpointId: endpoints[name] ?? '', eventId: event.id });
    return [
      movedTo(of('had'), { status: 'succeeded', settledAt: noon }),
      movedTo(of('dead'), { status: 'dead', settledAt: noon, reason: 'refused' }),
      movedTo(of('held'), { status: 'held', heldFor: 'backoff', since: noon, dueAt: noon + hour }),
    ];
  };
  const wokenNames = (woken: readonly { readonly delivery: Delivery; readonly generation: number }[]) =>
    Object.fromEntries(
      woken.map(({ delivery, generation }) => [
        names.find((name) => endpoints[name] === delivery.endpointId),
        generation,
      ]),
    );

  it('goes to endpoints that have not received the event, but not where its first attempt is still queued', async () => {
    const event = eventAt(noon - 1_000);
    const { woken, run, state } = world({
      ...{ event, deliveries: stored(event), work: { kind: 'replay', eventId: event.id } },
    });
    await run();
    expect(wokenNames(woken)).toEqual({ dead: 2, held: 2 });
    expect(state.task).toMatchObject({ status: 'completed', started: 2, skipped: 3 });
  });

  it('wakes a first attempt that should have been made an hour ago', async () => {
    const event = eventAt(noon - hour);
    const { woken, run } = world({
      ...{ event, deliveries: stored(event), work: { kind: 'replay', eventId: event.id } },
    });
    await run();
    expect(wokenNames(woken)).toEqual({ dead: 2, held: 2, unsent: 1, forgotten: 1 });
  });

  it('goes to named endpoints, even if they received it or the outcome has expired', async () => {
    const event = eventAt(noon - 31 * day);
    const endpointIds = [endpoints.had ?? '', endpoints.forgotten ?? ''];
    const { woken, run } = world({
      ...{ event, deliveries: stored(event), work: { kind: 'replay', eventId: event.id, endpointIds } },
    });
    await run();
    expect(wokenNames(woken)).toEqual({ had: 2, forgotten: 2 });
  });

  it('to some of a hundred thousand endpoints is one step, which reads few of its segments', async () => {
    const wide = Array.from({ length: 100_000 }, ids.endpoint).toSorted();
    const event = eventOf({ timestamp: noon - hour, deliverAt: noon - hour, endpointCount: wide.length });
    const reads: number[] = [];
    const segment = async (_: string, number: number): Promise<MatchedEndpoint[]> => {
      reads.push(number);
      const some = wide.slice(number * 1_000, (number + 1) * 1_000);
      return some.map((endpointId) => ({ endpointId, priority: 'normal' }));
    };
    const endpointIds = [wide[70_001] ?? '', wide[99_999] ?? ''];
    const work: TaskWork = { kind: 'replay', eventId: event.id, endpointIds };
    const { woken, run, state } = world({ event, segment, work });
    await run();
    expect(woken.map(({ delivery }) => delivery.endpointId)).toEqual(endpointIds);
    expect(state.task).toMatchObject({ status: 'completed', step: 1, started: 2 });
    expect(reads.length).toBeLessThanOrEqual(2 * 7);
  });

  it('of an event that is gone ends', async () => {
    const { run, state } = world({ work: { kind: 'replay', eventId: eventAt(noon).id } });
    await run();
    expect(state.task).toMatchObject({ status: 'completed', started: 0, skipped: 0 });
  });
});
