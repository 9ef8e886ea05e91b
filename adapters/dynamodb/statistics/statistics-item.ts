import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import { statsKey } from '#adapters/dynamodb/table/event-keys.ts';
import { settledTtl } from '#adapters/dynamodb/table/event-table.ts';
import { type Item, itemVersion } from '#adapters/dynamodb/table/table.ts';
import type { RollupKey } from '#core/statistics/contribution.ts';
import type { Counters } from '#core/statistics/counters.ts';
import { hourMs } from '#core/statistics/hour.ts';
import type { Rollup } from '#core/statistics/rollup.ts';

// Names are billed with every item, so they are short: c the counters, k the changes counted by the last writes,
// u updated at.
const statsItem = z.object({
  sk: z.string(),
  v: z.literal(itemVersion),
  ttl: z.number(),
  c: z.string(),
  k: z.array(z.string()),
  u: z.number(),
  revision: z.number(),
});

const counts = z.optional(z.record(z.string(), z.number()));

// Of the counters: a attempts, s successes, m milliseconds, d durations, r retries, o how deliveries ended, ls and lf
// last success and failure, e events, l event labels, f failing endpoints. What is empty is left out.
const packed = z.object({
  a: z.number(),
  s: z.number(),
  m: z.number(),
  d: z.array(z.number()),
  r: counts,
  o: counts,
  ls: z.optional(z.number()),
  lf: z.optional(z.number()),
  e: z.number(),
  l: counts,
  f: counts,
});

// A total outlives a pause of a year. After a longer one its endpoint or application is most likely gone.
const totalDays = 400;

/** A roll-up as an item. Hours live as long as settled deliveries do, totals for 400 days after their last write. */
export function encodeRollup(key: RollupKey, rollup: Rollup, retentionDays: number) {
  return {
    ...statsKey(key),
    v: itemVersion,
    ttl:
      key.span === 'total'
        ? settledTtl(rollup.updatedAt, totalDays)
        : settledTtl(key.span + hourMs, retentionDays),
    c: JSON.stringify(packCounters(rollup.counters)),
    k: rollup.counted.map((write) => write.join('')),
    u: rollup.updatedAt,
    revision: rollup.revision,
  };
}

interface DecodedRollup {
  readonly rollup: Rollup;
  readonly sk: string;
  /** Epoch seconds. */
  readonly ttl: number;
}

/** @throws Error when the item is not a roll-up in a form of this release */
export function decodeRollup(item: Item): DecodedRollup {
  const { sk, ttl, c, k, u, revision } = statsItem.parse(unmarshall(item));
  const counters = unpackCounters(packed.parse(JSON.parse(c)));
  return { sk, ttl, rollup: { counters, counted: k.map(fingerprints), updatedAt: u, revision } };
}

/**
 * Characters of a fingerprint, 6 bits each: with a thousand remembered, one change in 60 million is mistaken for one of
 * them and not counted.
 */
export const fingerprintLength = 6;

const fingerprints = (joined: string): string[] => joined.match(/.{6}/g) ?? [];

function packCounters(counters: Counters): z.infer<typeof packed> {
  const { attempts, successes, duration, durations, lastSuccessAt, lastFailureAt, events } = counters;
  return {
    a: attempts,
    s: successes,
    m: duration,
    d: [...durations],
    e: events,
    r: unlessEmpty(counters.retries),
    o: unlessEmpty(counters.settled),
    ls: lastSuccessAt,
    lf: lastFailureAt,
    l: unlessEmpty(counters.eventLabels),
    f: unlessEmpty(counters.failing),
  };
}

function unpackCounters({ a, s, m, d, r, o, ls, lf, e, l, f }: z.infer<typeof packed>): Counters {
  return {
    attempts: a,
    successes: s,
    duration: m,
    durations: d,
    retries: r ?? {},
    settled: o ?? {},
    lastSuccessAt: ls,
    lastFailureAt: lf,
    events: e,
    eventLabels: l ?? {},
    failing: f ?? {},
  };
}

const unlessEmpty = (counts: Readonly<Record<string, number>>) =>
  Object.keys(counts).length === 0 ? undefined : { ...counts };
