import { setTimeout as sleep } from 'node:timers/promises';
import { eventTypeKey } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem } from '#adapters/dynamodb/table/config-table.ts';
import type { StandingSchema, TypeCheckOptions } from '#core/event-type/type-check.ts';
import { parseEventType } from './event-type-item.ts';

const looks = 6;
const firstPause = 10;

/** Makes a function that reads the schema of a rule. */
export function createSchemaReader(table: ConfigTable): TypeCheckOptions['load'] {
  return async (applicationId, { name, schemaVersion }): Promise<StandingSchema | undefined> => {
    for (let look = 1; ; look += 1) {
      const item = await getItem(table, eventTypeKey(applicationId, name));
      const standing = item && parseEventType(item);
      const isThere = standing?.schemaVersion !== undefined && standing.schemaVersion >= schemaVersion;
      if (isThere && standing.eventType.schema !== undefined) {
        return { schemaVersion: standing.schemaVersion, schema: standing.eventType.schema };
      }
      // The items of a transaction become visible one by one, so the log may name a schema before its item is visible.
      // A schema that is not visible after these reads was removed again.
      if (look === looks) return undefined;
      await sleep(firstPause * 2 ** (look - 1));
    }
  };
}
