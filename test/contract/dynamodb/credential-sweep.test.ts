import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { createApplicationStore } from '#adapters/dynamodb/application/application-store.ts';
import { createDataKeyStore } from '#adapters/dynamodb/application/data-key-store.ts';
import type { EncryptionMode } from '#adapters/dynamodb/endpoint/create-vault.ts';
import { createCredentialVault, plainVault } from '#adapters/dynamodb/endpoint/credential-vault.ts';
import { createEndpointStore } from '#adapters/dynamodb/endpoint/endpoint-store.ts';
import { createRewriteCredentials } from '#adapters/dynamodb/endpoint/rewrite-credentials.ts';
import { defaultBounds } from '#core/application/limits.ts';
import type { SweepPosition } from '#core/encryption/credential-sweep.ts';
import { sweepCredentials } from '#lambdas/api/actions/sweep-credentials.ts';
import { anApplication, anEndpoint } from '#test/support/config-fixtures.ts';
import { table, useConfigTable } from '#test/support/config-table.ts';
import { testDataKeys } from '#test/support/data-keys.ts';

useConfigTable();

const count = 60;
const idOf = (index: number) => `ep_${String(index).padStart(3, '0')}`;
const applicationOf = (index: number) => (index < 55 ? 'acme' : 'globex');

let keys: ReturnType<typeof testDataKeys>;
const vault = () => createCredentialVault(keys, createDataKeyStore(table), (bytes) => randomBytes(bytes));
const encrypting = () => createEndpointStore(table, defaultBounds, vault());
const plain = () => createEndpointStore(table);

beforeEach(async () => {
  keys = testDataKeys();
  for (const id of ['acme', 'empty', 'globex'])
    await createApplicationStore(table).create(anApplication({ id }));
});

async function createAll(store: ReturnType<typeof plain>): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const id = idOf(index);
    await store.create(anEndpoint({ id, applicationId: applicationOf(index), headers: { 'x-own': id } }));
  }
}

/** Sweeps with as many invocations as it takes; each has time for one page. */
async function sweep(mode: EncryptionMode) {
  const given = mode === 'on' ? vault() : { ...vault(), close: plainVault.close };
  let rewritten = 0;
  let invocations = 0;
  let from: SweepPosition | undefined;
  for (;;) {
    let now = 0;
    const outcome = await sweepCredentials(
      { v: 1, kind: 'credential-sweep', from },
      {
        now: () => now,
        applications: createApplicationStore(table),
        endpoints: encrypting(),
        rewriteCredentials: async (id) => {
          now = 60_000;
          return createRewriteCredentials(table, given, mode)(id);
        },
      },
    );
    invocations += 1;
    if (outcome.kind !== 'swept') return outcome;
    rewritten += outcome.rewritten;
    from = outcome.next;
    if (from === undefined) return { rewritten, invocations };
  }
}

/** The endpoints that a store without a key can read. */
async function readablePlain(): Promise<number> {
  const read = Array.from({ length: count }, (_, index) => plain().get(applicationOf(index), idOf(index)));
  return (await Promise.allSettled(read)).filter(({ status }) => status === 'fulfilled').length;
}

describe('a sweep of credentials', () => {
  it('encrypts those of all applications, page by page, and nothing twice', async () => {
    await createAll(plain());

    const { invocations, ...swept } = (await sweep('on')) as { invocations: number };
    expect(swept).toEqual({ rewritten: count });
    expect(invocations).toBeGreaterThan(2);
    expect(await readablePlain()).toBe(0);
    for (const index of [0, 54, 59]) {
      expect(await encrypting().get(applicationOf(index), idOf(index))).toMatchObject({
        endpoint: { headers: { 'x-own': idOf(index) } },
      });
    }
    expect(await sweep('on')).toMatchObject({ rewritten: 0 });
  });

  it('decrypts them before encryption is switched off', async () => {
    await createAll(encrypting());

    expect(await sweep('ending')).toMatchObject({ rewritten: count });
    expect(await readablePlain()).toBe(count);
    expect(await sweep('off')).toMatchObject({ rewritten: 0 });
  });

  it('refuses to switch off while some are encrypted', async () => {
    await createAll(encrypting());

    expect(await sweep('off')).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('deploy credentialEncryption=ending first'),
    });
  });

  it('says why when the key cannot be used, and continues later', async () => {
    await createAll(plain());
    keys.isUp = false;
    expect(await sweep('on')).toEqual({ kind: 'failed', reason: 'the key service is down' });

    keys.isUp = true;
    expect(await sweep('on')).toMatchObject({ rewritten: count });
  });

  it('leaves no edit out that is made at the same time', async () => {
    await createAll(plain());
    const rename = encrypting().update('acme', idOf(0), (record) => ({
      ...record,
      endpoint: { ...record.endpoint, name: 'renamed' },
    }));
    await Promise.all([sweep('on'), rename]);

    expect((await encrypting().get('acme', idOf(0)))?.endpoint.name).toBe('renamed');
    expect(await readablePlain()).toBe(0);
  });
});
