import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { TypeID } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import {
  createIds,
  deliveryId,
  isApplicationId,
  isEndpointId,
  isEventId,
  lowestEventId,
  parseDeliveryId,
  timeOf,
} from '#core/id/ids.ts';

const at = (time: number) => createIds({ now: () => time, randomBytes });
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('createIds', () => {
  it('makes TypeIDs of the kind asked for', () => {
    const ids = at(1_764_000_000_000);
    expect(isEventId(ids.event())).toBe(true);
    expect(isEndpointId(ids.endpoint())).toBe(true);
    expect(ids.token()).toMatch(/^tok_[0-9a-z]{26}$/);
    expect(isEventId(ids.endpoint())).toBe(false);
    expect(ids.test()).toMatch(/^evt_test_[0-9a-z]{26}$/);
    expect(isEventId(ids.test())).toBe(false);
  });

  it('puts a UUID of version 7 and variant 10 into them', () => {
    const uuid = TypeID.fromString(at(1_764_000_000_000).event()).toUUID();
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('takes all other bits from the random source', () => {
    const filled = (byte: number) =>
      createIds({ now: () => 0, randomBytes: (count) => new Uint8Array(count).fill(byte) }).event();
    expect(TypeID.fromString(filled(0xff)).toUUID()).toBe('00000000-0000-7fff-bfff-ffffffffffff');
    expect(TypeID.fromString(filled(0x00)).toUUID()).toBe('00000000-0000-7000-8000-000000000000');
  });

  it('makes a different id each time', () => {
    const ids = at(1_764_000_000_000);
    expect(new Set(Array.from({ length: 1_000 }, () => ids.event())).size).toBe(1_000);
  });

  it('orders ids as their times, and knows when each was made', () => {
    fc.assert(
      fc.property(time, time, (earlier, later) => {
        fc.pre(earlier < later);
        expect(at(earlier).event() < at(later).event()).toBe(true);
        expect(timeOf(at(later).event())).toBe(later);
      }),
    );
  });
});

describe('lowestEventId', () => {
  it('separates the ids of its time from all earlier ones', () => {
    fc.assert(
      fc.property(time, (moment) => {
        expect(at(moment).event() > lowestEventId(moment)).toBe(true);
        if (moment > 0) expect(at(moment - 1).event() < lowestEventId(moment)).toBe(true);
      }),
    );
  });

  it('takes times that no id can have', () => {
    expect(lowestEventId(-5)).toBe(lowestEventId(0));
    expect(isEventId(lowestEventId(Number.MAX_SAFE_INTEGER))).toBe(true);
  });
});

describe('timeOf', () => {
  it.each(['', 'evt_1', 'ep_01kaqs5tm8f5ytnxmctvpwbwhg', 'evt_81kaqs5tm8f5ytnxmctvpwbwhg'])(
    'refuses %j',
    (text) => {
      expect(() => timeOf(text)).toThrow(/expected an event id/);
    },
  );
});

describe('delivery ids', () => {
  it('hold the endpoint and the event', () => {
    const ids = at(1_764_000_000_000);
    const of = { endpointId: ids.endpoint(), eventId: ids.event() };
    const id = deliveryId(of.endpointId, of.eventId);
    expect(id).toMatch(/^dlv_[0-9a-z]{26}_[0-9a-z]{26}$/);
    expect(parseDeliveryId(id)).toEqual(of);
  });

  it('are recognised', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseDeliveryId(`dlv_${text}`)).toBeUndefined();
      }),
    );
  });
});

describe('isApplicationId', () => {
  it.each(['default', 'a', '0', 'team_1-blue', 'a'.repeat(64)])('accepts %s', (id) => {
    expect(isApplicationId(id)).toBe(true);
  });

  it.each(['', '-a', '_a', 'A', 'a.b', 'a#b', 'a b', 'ä', 'a\n', 'a'.repeat(65)])('refuses %j', (id) => {
    expect(isApplicationId(id)).toBe(false);
  });
});
