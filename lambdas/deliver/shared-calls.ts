import type { RateLineStore } from '../adapters/dynamodb/config/rate-line-store.ts';
import type { TargetReader } from '../adapters/dynamodb/config/target-reader.ts';
import { joined } from '../adapters/joined.ts';
import { longestHold } from '../core/delivery/decide.ts';
import { slotInterval } from '../core/delivery/rate-limit.ts';
import type { EndpointRecord } from '../core/endpoint/endpoint.ts';

// The messages of a batch are often of one endpoint, all the more in a flood: they share what is asked about it.
const mostInBatch = 10;

/** Reads endpoints. A consistent read stays one, since it begins after the last who shares it has asked. */
export function createSharedLoad(config: Pick<TargetReader, 'load'>) {
  const load = joined(
    ({ endpointId, consistent }: { readonly endpointId: string; readonly consistent: boolean }) =>
      `${endpointId} ${consistent}`,
    mostInBatch,
    async (asked) => {
      const [{ endpointId, consistent }] = asked;
      const record = await config.load(endpointId, { consistent });
      return asked.map(() => ({ record }));
    },
  );
  return async (endpointId: string, consistent: boolean): Promise<EndpointRecord | undefined> =>
    (await load({ endpointId, consistent })).record;
}

interface Asking {
  readonly record: EndpointRecord;
  readonly perSecond: number;
  readonly lostAt: number | undefined;
}

/** Reserves places in line, one after the other in one write, so that a flood does not take a partition's writes. */
export function createSharedReserve(rates: RateLineStore) {
  const reserve = joined(
    ({ record, perSecond }: Asking) => `${record.endpoint.id} ${perSecond}`,
    mostInBatch,
    async (asked) => {
      const [{ record, perSecond }] = asked;
      const { id, updatedAt: asOf } = record.endpoint;
      const lost = asked.flatMap(({ lostAt }) => lostAt ?? []);
      const lostAt = lost.length === 0 ? {} : { lostAt: Math.max(...lost) };
      const reservation = { perSecond, count: asked.length, asOf, ...lostAt };
      const at = await rates.reserve(id, reservation, record.line, longestHold);
      return asked.map((_, index) => ({ at: at === undefined ? at : at + index * slotInterval(perSecond) }));
    },
  );
  return async (
    record: EndpointRecord,
    perSecond: number,
    lostAt: number | undefined,
  ): Promise<number | undefined> => (await reserve({ record, perSecond, lostAt })).at;
}
