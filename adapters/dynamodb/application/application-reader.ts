import { applicationKey } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem } from '#adapters/dynamodb/table/config-table.ts';
import type { Application } from '#core/application/application.ts';
import { parseApplication } from './application-item.ts';

/** Reads an application, for functions that do nothing else with it; undefined when there is none. */
export function createApplicationReader(table: ConfigTable) {
  return async (id: string): Promise<Application | undefined> => {
    const item = await getItem(table, applicationKey(id));
    const found = item && parseApplication(item);
    return found === undefined || found.removing ? undefined : found.application;
  };
}
