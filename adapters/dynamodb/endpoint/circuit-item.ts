import * as z from 'zod/mini';
import type { CircuitChange } from '#core/circuit/change.ts';
import { type Circuit, cleanCircuit } from '#core/circuit/circuit.ts';

// The circuit's attributes of a STATE item, none of them there while nothing is known against the endpoint. They are
// apart, since counting failures needs no reading before; the circuit is open exactly while it has an `openUntil`.
export const circuitFields = {
  circuitEpoch: z.optional(z.number()),
  circuitSince: z.optional(z.number()),
  failures: z.optional(z.number()),
  failingSince: z.optional(z.number()),
  openUntil: z.optional(z.number()),
  reopenings: z.optional(z.number()),
  probeId: z.optional(z.string()),
  probeUntil: z.optional(z.number()),
};

const schema = z.object(circuitFields);
type CircuitAttributes = z.infer<typeof schema>;

/** Undefined while nothing is known against the endpoint. */
export function circuitOf(item: CircuitAttributes): Circuit | undefined {
  const { circuitEpoch: epoch = 0, circuitSince: since, failures = 0, failingSince, openUntil } = item;
  if (openUntil !== undefined) {
    const { reopenings = 0, probeId: id, probeUntil: until } = item;
    return {
      state: 'open',
      epoch,
      since: since ?? openUntil,
      failures,
      failingSince: failingSince ?? since ?? openUntil,
      until: openUntil,
      reopenings,
      ...(id === undefined || until === undefined ? {} : { probe: { id, until } }),
    };
  }
  const closed: Circuit = {
    ...cleanCircuit,
    epoch,
    failures,
    ...(since === undefined ? {} : { since }),
    ...(failingSince === undefined ? {} : { failingSince }),
  };
  return epoch === 0 && failures === 0 ? undefined : closed;
}

/** What a reset leaves, as attributes to set; undefined ones are to be removed. */
export const resetCircuit = (epoch: number, now: number): CircuitAttributes => ({
  circuitEpoch: epoch + 1,
  circuitSince: now,
  failures: undefined,
  failingSince: undefined,
  openUntil: undefined,
  reopenings: undefined,
  probeId: undefined,
  probeUntil: undefined,
});

/** The epoch that a change was decided from must still stand; the first one is not stored. */
export const epochStands = (epoch: number) => ({ circuitEpoch: epoch === 0 ? undefined : epoch });

/** A change as an update of single attributes and the condition under which it holds. */
export interface CircuitUpdate {
  readonly update: string;
  readonly condition: string;
  readonly values: Readonly<Record<string, string | number>>;
}

export function circuitUpdate(change: CircuitChange): CircuitUpdate {
  const { update, condition, values } = parts(change);
  const epoch = change.epoch === 0 ? 'attribute_not_exists(circuitEpoch)' : 'circuitEpoch = :epoch';
  return {
    update,
    // Without a revision there is no endpoint: an update must not make an item of its own.
    condition: ['attribute_exists(revision)', epoch, condition].join(' AND '),
    values: { ...values, ...(change.epoch === 0 ? {} : { ':epoch': change.epoch }) },
  };
}

const closed = 'attribute_not_exists(openUntil)';
const byProbe = 'attribute_exists(openUntil) AND probeId = :probe';

function parts(change: CircuitChange): CircuitUpdate {
  switch (change.kind) {
    case 'count': {
      const { at, aliveAt } = change;
      const unbroken = '(attribute_not_exists(failingSince) OR failingSince > :aliveAt)';
      return {
        update: 'SET failingSince = if_not_exists(failingSince, :at) ADD failures :one',
        condition: aliveAt === undefined ? closed : `${closed} AND ${unbroken}`,
        values: { ':at': at, ':one': 1, ...(aliveAt === undefined ? {} : { ':aliveAt': aliveAt }) },
      };
    }
    case 'restart':
      return {
        update: 'SET failingSince = :at, failures = :one',
        condition: `${closed} AND failingSince = :seen`,
        values: { ':at': change.at, ':one': 1, ':seen': change.failingSince },
      };
    case 'clear':
      return {
        update: 'REMOVE failingSince, failures',
        condition: `${closed} AND failingSince = :seen`,
        values: { ':seen': change.failingSince },
      };
    case 'open':
      return {
        update: 'SET circuitSince = :at, openUntil = :until, reopenings = :zero',
        condition: `${closed} AND attribute_exists(failingSince)`,
        values: { ':at': change.at, ':until': change.until, ':zero': 0 },
      };
    case 'lease':
      return {
        update: 'SET probeId = :probe, probeUntil = :until',
        condition: 'openUntil = :seen AND (attribute_not_exists(probeUntil) OR probeUntil <= :at)',
        values: {
          ':probe': change.probe.id,
          ':until': change.probe.until,
          ':seen': change.openUntil,
          ':at': change.at,
        },
      };
    case 'give-back':
      return {
        update: 'REMOVE probeId, probeUntil',
        condition: byProbe,
        values: { ':probe': change.probeId },
      };
    case 'reopen':
      return {
        update: 'SET openUntil = :until ADD reopenings :one REMOVE probeId, probeUntil',
        condition: byProbe,
        values: { ':probe': change.probeId, ':until': change.until, ':one': 1 },
      };
    case 'close':
      return {
        update:
          'SET circuitEpoch = :next, circuitSince = :at REMOVE failures, failingSince, openUntil, reopenings, probeId, probeUntil',
        condition: byProbe,
        values: { ':probe': change.probeId, ':next': change.epoch + 1, ':at': change.at },
      };
  }
}
