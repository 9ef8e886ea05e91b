import type { createCircuitStore } from '#adapters/dynamodb/endpoint/circuit-store.ts';
import type { createSlotStore } from '#adapters/dynamodb/endpoint/slot-store.ts';
import type { createSlowMarkStore } from '#adapters/dynamodb/endpoint/slow-mark-store.ts';
import { cleanCircuit, nextEpoch } from '#core/circuit/circuit.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { reserve } from '#core/rate-limit/slot.ts';
import type { Tables } from './tables.ts';

/** Changes what deliver keeps of an endpoint; nothing of an endpoint that was deleted. */
function change({ endpoints }: Tables, endpointId: string, part: Partial<EndpointRecord>): void {
  const row = endpoints.get(endpointId);
  if (row) endpoints.set(endpointId, { ...row, record: { ...row.record, ...part } });
}

export function memoryCircuits(tables: Tables): ReturnType<typeof createCircuitStore> {
  return {
    async store(endpointId, next) {
      const record = tables.endpoints.get(endpointId)?.record;
      const { circuit = cleanCircuit } = record ?? {};
      // The same object, put again, is what the SDK makes of a lost answer.
      if (record && circuit === next) return 'stored';
      if (!record || circuit.revision !== next.revision - 1) return { standing: record && circuit };
      change(tables, endpointId, { circuit: next });
      return 'stored';
    },

    async reset(endpointId, epoch) {
      const record = tables.endpoints.get(endpointId)?.record;
      const { circuit = cleanCircuit } = record ?? {};
      if (!record || circuit.epoch !== epoch) return undefined;
      change(tables, endpointId, { circuit: nextEpoch(circuit, tables.now()) });
      return circuit;
    },
  };
}

export function memorySlots(tables: Tables): ReturnType<typeof createSlotStore> {
  return {
    async reserve(endpointId, reservation, _, longest) {
      const record = tables.endpoints.get(endpointId)?.record;
      if (!record) return undefined;
      const { at, slots } = reserve(record.slots, reservation, tables.now());
      if (at - tables.now() > longest) return Number.POSITIVE_INFINITY;
      change(tables, endpointId, { slots });
      return at;
    },
  };
}

export function memorySlowMarks(tables: Tables): ReturnType<typeof createSlowMarkStore> {
  return {
    async mark(endpointId, { until, ifBefore }) {
      const record = tables.endpoints.get(endpointId)?.record;
      if (!record) return undefined;
      if (record.slowUntil !== undefined && record.slowUntil > ifBefore) return record.slowUntil;
      change(tables, endpointId, { slowUntil: until });
      return until;
    },
  };
}
