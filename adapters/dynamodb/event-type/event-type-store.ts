import { applicationPartition, eventTypeKey, prefixes } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem, listPage } from '#adapters/dynamodb/table/config-table.ts';
import { commit } from '#adapters/dynamodb/table/transaction.ts';
import { type Bounds, defaultBounds } from '#core/application/limits.ts';
import type { EventType } from '#core/event-type/event-type.ts';
import type { PageRequest } from '#core/page/page.ts';
import { type EventTypeItem, parseEventType } from './event-type-item.ts';
import { planTypeCreation, planTypeRemoval, planTypeUpdate } from './event-type-plans.ts';

/** All methods that write throw VersionConflict when other writers kept changing the application's routing. */
export function createEventTypeStore(table: ConfigTable, bounds: Bounds = defaultBounds) {
  const standing = (applicationId: string, name: string) => readType(table, applicationId, name);

  return {
    /**
     * Registers a type. An event that is posted after this resolved is checked by it.
     *
     * @throws NotFound when there is no such application, AlreadyExists when the name is taken, LimitReached when the
     * application has as many types as it may have.
     */
    create: (eventType: EventType) =>
      commit(table, `application ${eventType.applicationId}`, () =>
        planTypeCreation(table, eventType, bounds),
      ),

    /** Consistent. */
    get: async (applicationId: string, name: string) => (await standing(applicationId, name))?.eventType,

    /** In the order of the names. Pages end early when they reach 1 MB. */
    async list(applicationId: string, page: PageRequest) {
      const partition = applicationPartition(applicationId);
      const { items, next } = await listPage(table, partition, prefixes.eventType, page);
      return { items: items.map((item) => parseEventType(item).eventType), next };
    },

    /** Reads, changes and writes under conditions; nothing is written when nothing but `updatedAt` changes. */
    update: (applicationId: string, name: string, change: (eventType: EventType) => EventType) =>
      commit(table, `event type ${name}`, async () => {
        const found = await standing(applicationId, name);
        return found === undefined
          ? { kind: 'done', result: undefined }
          : planTypeUpdate(table, found, change);
      }),

    /** False when there was none. */
    remove: (applicationId: string, name: string) =>
      commit(table, `event type ${name}`, async () => {
        const found = await standing(applicationId, name);
        return found === undefined ? { kind: 'done', result: false } : planTypeRemoval(table, found, bounds);
      }),
  };
}

async function readType(
  table: ConfigTable,
  applicationId: string,
  name: string,
): Promise<EventTypeItem | undefined> {
  const item = await getItem(table, eventTypeKey(applicationId, name));
  return item && parseEventType(item);
}
