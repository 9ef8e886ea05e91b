import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSettled } from '#core/delivery/delivery.ts';
import {
  shardOf,
  watchdogEntryOf,
  watchdogShard,
  watchdogShards,
  watchMargin,
} from '#core/delivery/watchdog.ts';
import { anyStored, deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';

const delivery = deliveryOf({ createdAt: noon - 1_000 });
const shard = watchdogShard(delivery);
const due = `DUE#${shard}`;
const held = `HELD#${delivery.endpointId}#${shard}`;

describe('watchdogEntryOf', () => {
  it.each([
    ['queued', { status: 'queued', dueAt: noon } as const, due, noon + watchMargin],
    [
      'being attempted',
      { status: 'attempting', claimId: 'c', until: noon } as const,
      due,
      noon + watchMargin,
    ],
    ['backing off', { status: 'held', heldFor: 'backoff', since: 0, dueAt: noon } as const, due, noon],
    ['scheduled', { status: 'held', heldFor: 'scheduled', since: 0, dueAt: noon } as const, due, noon],
    ['held without a time', { status: 'held', heldFor: 'backoff', since: noon } as const, due, noon],
    ['paused', { status: 'held', heldFor: 'paused', since: noon, dueAt: noon } as const, held, noon - 1_000],
    ['held by a circuit', { status: 'held', heldFor: 'circuit', since: noon } as const, held, noon - 1_000],
    ['dead', { status: 'dead', settledAt: noon, reason: 'refused' } as const, `DEAD#default#${shard}`, noon],
  ])('finds what is %s', (_, state, key, at) => {
    expect(watchdogEntryOf(movedTo(delivery, state))).toEqual({ key, at });
  });

  it.each([
    { status: 'succeeded', settledAt: noon } as const,
    { status: 'cancelled', settledAt: noon, reason: 'expired' } as const,
  ])('leaves alone what is $status', (state) => {
    expect(watchdogEntryOf(movedTo(delivery, state))).toBeUndefined();
  });

  it.each([
    ['due', { status: 'held', heldFor: 'scheduled', since: 0, dueAt: noon } as const],
    ['dead', { status: 'dead', settledAt: noon, reason: 'refused' } as const],
  ])('spreads what is %s of one event for many endpoints over all shards', (_, state) => {
    const ids = idsAt(noon);
    const counts = new Map<string, number>();
    for (let made = 0; made < 3_200; made += 1) {
      const key = watchdogEntryOf(movedTo({ ...delivery, endpointId: ids.endpoint() }, state))?.key ?? '';
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(watchdogShards);
    for (const count of counts.values()) expect(count).toBeGreaterThan(100);
  });

  it('watches everything that is not settled', () => {
    fc.assert(
      fc.property(anyStored, (stored) => {
        if (!isSettled(stored.state)) expect(watchdogEntryOf(stored)).toBeDefined();
      }),
    );
  });
});

describe('shardOf', () => {
  it('is stable and within the shards', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 64 }), (id, shards) => {
        const found = shardOf(id, shards);
        expect(found).toBe(shardOf(id, shards));
        expect(Number.isInteger(found) && found >= 0 && found < shards).toBe(true);
      }),
    );
  });

  it('spreads the ids of one millisecond over all shards', () => {
    const ids = idsAt(noon);
    const counts = new Map<number, number>();
    for (let made = 0; made < 3_200; made += 1) {
      const found = shardOf(ids.event(), watchdogShards);
      counts.set(found, (counts.get(found) ?? 0) + 1);
    }
    for (let number = 0; number < watchdogShards; number += 1) {
      expect(counts.get(number)).toBeGreaterThan(100);
    }
  });
});
