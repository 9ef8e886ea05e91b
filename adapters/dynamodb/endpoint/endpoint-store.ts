import {
  applicationPartition,
  endpointConfigKey,
  endpointStateKey,
  prefixes,
} from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItems, listPage, type RawItem } from '#adapters/dynamodb/table/config-table.ts';
import { commit } from '#adapters/dynamodb/table/transaction.ts';
import { type Bounds, defaultBounds } from '#core/application/limits.ts';
import type { Endpoint, EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { Page, PageRequest } from '#core/page/page.ts';
import { type CredentialVault, plainVault } from './credential-vault.ts';
import { planCreation, planRemoval, planUpdate } from './endpoint-plans.ts';
import { outlineOf, readEndpoint, recordOf, type StandingEndpoint, standingOf } from './endpoint-records.ts';

/**
 * All methods that write throw VersionConflict when other writers kept changing the application's routing for 20 s.
 *
 * @param bounds - of applications without own limits.
 * @param vault - reads and writes the credentials of endpoints. @default - as plain text
 */
export function createEndpointStore(
  table: ConfigTable,
  bounds: Bounds = defaultBounds,
  vault: CredentialVault = plainVault,
) {
  const standing = async (applicationId: string, id: string): Promise<StandingEndpoint | undefined> => {
    const found = await readEndpoint(table, id, { consistent: true });
    return found?.config.endpoint.applicationId === applicationId ? found : undefined;
  };

  return {
    /**
     * Stores a new, active endpoint. An event that is posted after this resolved is matched against it.
     *
     * @throws NotFound when there is no such application, AlreadyExists when the id is taken, LimitReached when the
     *   application has as many endpoints as it may have, or there is no room for more routes
     */
    create: (endpoint: Endpoint) =>
      commit(table, `application ${endpoint.applicationId}`, () =>
        planCreation(table, endpoint, vault, bounds),
      ),

    /** Consistent. An endpoint of another application is undefined. */
    async get(applicationId: string, id: string) {
      const found = await standing(applicationId, id);
      return found && recordOf(found, vault);
    },

    /** As `get`, without credentials: no key is needed. */
    async outline(applicationId: string, id: string) {
      const found = await standing(applicationId, id);
      return found && outlineOf(found);
    },

    /** In the order of the ids, which is the order of creation. */
    async list(applicationId: string, page: PageRequest) {
      const { items, next } = await standingPage(table, applicationId, page);
      return { items: await Promise.all(items.map((found) => recordOf(found, vault))), next };
    },

    /** As `list`, without credentials: no key is needed. */
    async outlines(applicationId: string, page: PageRequest) {
      const { items, next } = await standingPage(table, applicationId, page);
      return { items: items.map(outlineOf), next };
    },

    /**
     * Reads, changes and writes under conditions. `change` is called again when another writer came between. Nothing is
     * written when it changes nothing that is stored or routed.
     *
     * @throws LimitReached when there is no room for larger routes
     */
    update: (applicationId: string, id: string, change: (record: EndpointRecord) => EndpointRecord) =>
      commit(table, `endpoint ${id}`, async () => {
        const found = await standing(applicationId, id);
        return found === undefined
          ? { kind: 'done', result: undefined }
          : planUpdate(table, found, vault, change, bounds);
      }),

    /** False when there was none. */
    remove: (applicationId: string, id: string) =>
      commit(table, `endpoint ${id}`, async () => {
        const found = await standing(applicationId, id);
        return found === undefined ? { kind: 'done', result: false } : planRemoval(table, found, bounds);
      }),
  };
}

// The list's own items hold only routes. Configuration and status are read where deliver reads them, because deliver, which
// disables an endpoint that is gone, may write nowhere else: a second copy would become stale.
async function standingPage(
  table: ConfigTable,
  applicationId: string,
  page: PageRequest,
): Promise<Page<StandingEndpoint>> {
  const partition = applicationPartition(applicationId);
  const { items, next } = await listPage(table, partition, prefixes.endpoint, page);
  const ids = items.map((item) => String(item.sk).slice(prefixes.endpoint.length));
  const found = await getItems(
    table,
    ids.flatMap((id) => [endpointConfigKey(id), endpointStateKey(id)]),
  );
  const partitions = Map.groupBy(found, (item: RawItem) => item.pk);
  const standing = ids.map((id) => standingOf(partitions.get(endpointConfigKey(id).pk) ?? []));
  return { items: standing.filter((one) => one !== undefined), next };
}
