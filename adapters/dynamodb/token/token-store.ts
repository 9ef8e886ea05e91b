import { isDeepStrictEqual } from 'node:util';
import { conditionalUpdate } from '#adapters/dynamodb/table/conditional.ts';
import {
  applicationKey,
  applicationPartition,
  listedTokenKey,
  prefixes,
  tokenKey,
} from '#adapters/dynamodb/table/config-keys.ts';
import {
  type ConfigTable,
  getItem,
  getItems,
  listPage,
  queryAll,
} from '#adapters/dynamodb/table/config-table.ts';
import type { Step } from '#adapters/dynamodb/table/step.ts';
import { toAttributes } from '#adapters/dynamodb/table/table.ts';
import { commit } from '#adapters/dynamodb/table/transaction.ts';
import type { PageRequest } from '#core/page/page.ts';
import { AlreadyExists, NotFound } from '#core/problem/store-errors.ts';
import { allApplications, type TokenRecord } from '#core/token/token.ts';
import { parseToken, tokenAttributes } from './token-item.ts';

/** `owner` is an application's id, or `*` for the operators' tokens. Expired tokens do not exist. */
export function createTokenStore(table: ConfigTable) {
  const standing = async (owner: string, id: string) => {
    const item = await getItem(table, listedTokenKey(owner, id));
    return item && parseToken(item);
  };

  /** The time of the last use is in the items that authenticate, not in the list. */
  async function withUse(found: readonly Listed[]): Promise<TokenRecord[]> {
    const items = await getItems(
      table,
      found.map(({ hash }) => tokenKey(hash)),
    );
    const uses = new Map(items.map(parseToken).map(({ record, hash }) => [hash, record.lastUsedAt]));
    return found.map(({ record, hash }) => {
      const lastUsedAt = uses.get(hash);
      return lastUsedAt === undefined ? record : { ...record, lastUsedAt };
    });
  }

  return {
    /**
     * @param hash - of the token's text; the text itself is stored nowhere.
     * @throws NotFound when there is no such application, AlreadyExists when the id or the hash is taken.
     */
    create: (record: TokenRecord, hash: string) =>
      commit(table, `token ${record.id}`, async () => ({
        kind: 'write',
        steps: creationSteps(record, hash),
        result: undefined,
      })),

    /** Consistent: a token works as soon as it is made. */
    async findByHash(hash: string) {
      const item = await getItem(table, tokenKey(hash));
      return item && parseToken(item).record;
    },

    async list(owner: string, page: PageRequest) {
      const { items, next } = await listPage(table, applicationPartition(owner), prefixes.token, page);
      return { items: await withUse(items.map(parseToken)), next };
    },

    async get(owner: string, id: string) {
      const found = await standing(owner, id);
      return found && (await withUse([found]))[0];
    },

    /** The ids of an owner's tokens with the hashes of their texts. */
    async hashes(owner: string) {
      const selection = { pk: applicationPartition(owner), prefix: prefixes.token };
      const all: { id: string; hash: string }[] = [];
      for await (const items of queryAll(table, selection)) {
        all.push(...items.map(parseToken).map(({ record, hash }) => ({ id: record.id, hash })));
      }
      return all;
    },

    /** Reads, changes and writes what is different: the name, the rate limit, the end. */
    update: (owner: string, id: string, change: (record: TokenRecord) => TokenRecord) =>
      commit(table, `token ${id}`, async () => {
        const found = await standing(owner, id);
        if (found === undefined) return { kind: 'done', result: undefined };
        const [before = found.record] = await withUse([found]);
        const after = change(before);
        const set = changed(tokenAttributes(before, found.hash), tokenAttributes(after, found.hash));
        if (Object.keys(set).length === 0) return { kind: 'done', result: after };
        const steps = [tokenKey(found.hash), listedTokenKey(owner, id)].map(
          (key): Step => ({ kind: 'update', key, set, condition: { equal: { id } } }),
        );
        return { kind: 'write', steps, result: after };
      }),

    /** Notes that a token was used. Needs the right to update its item, and no other. */
    async touch(hash: string, at: number) {
      await conditionalUpdate(table, tokenKey(hash), {
        UpdateExpression: 'SET lastUsedAt = :at',
        // A token that is revoked meanwhile must not come back as an item without content.
        ConditionExpression:
          'attribute_exists(pk) AND (attribute_not_exists(lastUsedAt) OR lastUsedAt < :at)',
        ExpressionAttributeValues: toAttributes({ ':at': at }),
      });
    },

    /** False when there was none. */
    remove: (owner: string, id: string) =>
      commit(table, `token ${id}`, async () => {
        const found = await standing(owner, id);
        if (found === undefined) return { kind: 'done', result: false };
        const steps: Step[] = [
          { kind: 'delete', key: listedTokenKey(owner, id), condition: 'exists' },
          { kind: 'delete', key: tokenKey(found.hash) },
        ];
        return { kind: 'write', steps, result: true };
      }),
  };
}

type Listed = ReturnType<typeof parseToken>;
type Attributes = ReturnType<typeof tokenAttributes>;

const changed = (before: Attributes, after: Attributes): Partial<Attributes> =>
  Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => !isDeepStrictEqual(value, new Map(Object.entries(before)).get(name)),
    ),
  );

function creationSteps(record: TokenRecord, hash: string): Step[] {
  const { id, applicationId } = record;
  const attributes = tokenAttributes(record, hash);
  const refusal = () => new AlreadyExists(`token ${id} already exists`);
  const steps: Step[] = [
    { kind: 'put', key: tokenKey(hash), attributes, condition: 'missing', refusal },
    { kind: 'put', key: listedTokenKey(applicationId, id), attributes, condition: 'missing', refusal },
  ];
  if (applicationId === allApplications) return steps;
  const application: Step = {
    kind: 'check',
    key: applicationKey(applicationId),
    // An application that is being removed does not exist any more.
    condition: { equal: { id: applicationId, removing: undefined } },
    refusal: () => new NotFound(`there is no application ${JSON.stringify(applicationId)}`),
  };
  return [...steps, application];
}
