import * as z from 'zod/mini';
import { applicationKey, dataKeyKey } from '#adapters/dynamodb/table/config-keys.ts';
import { type ConfigTable, getItem } from '#adapters/dynamodb/table/config-table.ts';
import { itemVersion } from '#adapters/dynamodb/table/table.ts';
import { commit } from '#adapters/dynamodb/table/transaction.ts';
import { NotFound } from '#core/problem/store-errors.ts';

const schema = z.object({ v: z.literal(itemVersion), wrapped: z.instanceof(Uint8Array) });

/** The wrapped data key of each application. */
export function createDataKeyStore(table: ConfigTable) {
  return {
    /**
     * The application's key. Of several functions that make one at the same time, all get the one that was stored.
     *
     * @param make makes a wrapped key, for an application that has none
     * @throws NotFound when there is no such application
     */
    ensure: (applicationId: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> =>
      commit(table, `application ${applicationId}`, async () => {
        const item = await getItem(table, dataKeyKey(applicationId));
        if (item !== undefined) return { kind: 'done', result: z.parse(schema, item).wrapped };
        const wrapped = await make();
        return {
          kind: 'write',
          steps: [
            {
              kind: 'put',
              key: dataKeyKey(applicationId),
              attributes: { wrapped, createdAt: table.now() },
              condition: 'missing',
            },
            {
              kind: 'check',
              key: applicationKey(applicationId),
              condition: { equal: { id: applicationId, removing: undefined } },
              refusal: () => new NotFound(`there is no application ${JSON.stringify(applicationId)}`),
            },
          ],
          result: wrapped,
        };
      }),
  };
}
