import * as z from 'zod/mini';
import type { RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';

const schema = z.object({
  v: z.literal(itemVersion),
  version: z.number(),
  changedAt: z.optional(z.number()),
});

export interface StandingVersion {
  readonly version: number;
  /** When the version's change was written (epoch ms); absent for the first version, which has none. */
  readonly changedAt?: number | undefined;
}

export function parseVersion(item: RawItem): StandingVersion {
  const { version, changedAt } = z.parse(schema, item);
  return { version, changedAt };
}
