import { AlreadyExists, NotFound } from '../../../core/tenant/store-errors.ts';
import { allApplications, type TokenRecord } from '../../../core/tenant/token.ts';
import {
  applicationKey,
  applicationPartition,
  listedTokenKey,
  positionAfter,
  prefixes,
  tokenKey,
} from './keys.ts';
import type { Step } from './step.ts';
import { type ConfigTable, getItem, type Page, type PageRequest, queryPage } from './table.ts';
import { parseToken, tokenAttributes } from './token-item.ts';
import { commit } from './transaction.ts';

/** `owner` is an application's id, or `*` for the operators' tokens. Expired tokens are gone. */
export interface TokenStore {
  /**
   * @param hash - of the token's text; the text itself is stored nowhere.
   * @throws NotFound when there is no such application, AlreadyExists when the id or the hash is taken.
   */
  create(record: TokenRecord, hash: string): Promise<void>;
  /** Consistent: a token works as soon as it is made. */
  findByHash(hash: string): Promise<TokenRecord | undefined>;
  list(owner: string, page: PageRequest): Promise<Page<TokenRecord>>;
  get(owner: string, id: string): Promise<TokenRecord | undefined>;
  /** False when there was none. */
  remove(owner: string, id: string): Promise<boolean>;
}

export function createTokenStore(table: ConfigTable): TokenStore {
  const standing = async (owner: string, id: string) => {
    const item = await getItem(table, listedTokenKey(owner, id), { consistent: true });
    return item && parseToken(item);
  };

  return {
    create: (record, hash) =>
      commit(table, `token ${record.id}`, async () => ({
        kind: 'write',
        steps: creationSteps(record, hash),
        result: undefined,
      })),

    async findByHash(hash) {
      const item = await getItem(table, tokenKey(hash), { consistent: true });
      return item && parseToken(item).record;
    },

    async list(owner, { after, limit }) {
      const { items, last } = await queryPage(
        table,
        {
          pk: applicationPartition(owner),
          prefix: prefixes.token,
          after: positionAfter(prefixes.token, after),
          consistent: true,
        },
        limit,
      );
      const records = items.map((item) => parseToken(item).record);
      return last === undefined
        ? { items: records }
        : { items: records, next: last.slice(prefixes.token.length) };
    },

    get: async (owner, id) => (await standing(owner, id))?.record,

    remove: (owner, id) =>
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

function creationSteps(record: TokenRecord, hash: string): Step[] {
  const { id, applicationId } = record;
  const attributes = tokenAttributes(record, hash);
  const refusal = () => new AlreadyExists(`token ${id} exists already`);
  const steps: Step[] = [
    { kind: 'put', key: tokenKey(hash), attributes, condition: 'missing', refusal },
    { kind: 'put', key: listedTokenKey(applicationId, id), attributes, condition: 'missing', refusal },
  ];
  if (applicationId === allApplications) return steps;
  const application: Step = {
    kind: 'check',
    key: applicationKey(applicationId),
    // An application that is being taken down exists no more.
    condition: { equal: { id: applicationId, removing: undefined } },
    refusal: () => new NotFound(`there is no application ${JSON.stringify(applicationId)}`),
  };
  return [...steps, application];
}
