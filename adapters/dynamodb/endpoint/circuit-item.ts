import * as z from 'zod/mini';
import { type Circuit, cleanCircuit, nextEpoch } from '#core/circuit/circuit.ts';

// The circuit's attributes of a STATE item, which has none of them until the endpoint fails for the first time. Its revision
// is apart from that of the status, so that neither refuses the other's writes. The circuit is open while it has an
// `openUntil`.
export const circuitFields = {
  circuitRevision: z.optional(z.number()),
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

/** Undefined while nothing was ever stored of it. */
export function circuitOf(item: CircuitAttributes): Circuit | undefined {
  const { circuitRevision: revision, circuitSince: since, failingSince, openUntil: until } = item;
  if (revision === undefined) return undefined;
  const common = { revision, epoch: item.circuitEpoch ?? 0, failures: item.failures ?? 0 };
  if (until === undefined || since === undefined || failingSince === undefined)
    return { state: 'closed', ...common, since, failingSince };
  const { reopenings = 0, probeId: id, probeUntil } = item;
  const probe = id === undefined || probeUntil === undefined ? undefined : { id, until: probeUntil };
  return { state: 'open', ...common, since, failingSince, until, reopenings, probe };
}

/** All attributes of a circuit but its revision; undefined ones are to be removed. */
const attributesOf = (circuit: Circuit): Omit<CircuitAttributes, 'circuitRevision'> => {
  const { until, reopenings, probe } = circuit.state === 'open' ? circuit : {};
  return {
    circuitEpoch: positive(circuit.epoch),
    circuitSince: circuit.since,
    failures: positive(circuit.failures),
    failingSince: circuit.failingSince,
    openUntil: until,
    reopenings,
    probeId: probe?.id,
    probeUntil: probe?.until,
  };
};

const positive = (count: number): number | undefined => (count === 0 ? undefined : count);

/** The attribute that marks the last write of a circuit. */
export const circuitMark = 'circuitPut';

/** The write of a circuit, if the revision before it still stands. */
export const circuitPut = (circuit: Circuit, mark: string) => ({
  assignments: {
    set: { ...attributesOf(circuit), circuitRevision: circuit.revision, [circuitMark]: mark },
  },
  equal: { circuitRevision: positive(circuit.revision - 1) },
});

/**
 * The write that closes the circuit of an epoch. It asks for the epoch, not for the revision, because it forgets whatever
 * is recorded in that epoch meanwhile.
 */
export const circuitReset = (epoch: number, now: number) => ({
  assignments: {
    set: attributesOf(nextEpoch({ ...cleanCircuit, epoch }, now)),
    add: { circuitRevision: 1 },
  },
  equal: { circuitEpoch: positive(epoch) },
});
