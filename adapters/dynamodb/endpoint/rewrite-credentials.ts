import { endpointConfigKey } from '#adapters/dynamodb/table/config-keys.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import { commit, type Plan } from '#adapters/dynamodb/table/transaction.ts';
import { CredentialsStillEncrypted } from '#core/encryption/errors.ts';
import type { EncryptionMode } from './create-vault.ts';
import type { CredentialVault } from './credential-vault.ts';
import { readEndpoint } from './endpoint-records.ts';
import { attributesOf } from './stored-credentials.ts';

/**
 * Brings the credentials of an endpoint into the form that the mode wants: encrypted when it is on, plain otherwise. One
 * conditional write, so that it may be repeated, and run while the endpoint is edited.
 *
 * @returns a function that says whether it wrote something
 * @throws CredentialsStillEncrypted for encrypted credentials when the mode is `off`, which has no key to decrypt them
 */
export const createRewriteCredentials =
  (table: ConfigTable, vault: CredentialVault, mode: EncryptionMode) =>
  (endpointId: string): Promise<boolean> =>
    commit(table, `endpoint ${endpointId}`, async (): Promise<Plan<boolean>> => {
      const { config } = (await readEndpoint(table, endpointId, { consistent: true })) ?? {};
      const wanted = mode === 'on' ? 'encrypted' : 'plain';
      if (config === undefined || config.credentials.kind === wanted) return { kind: 'done', result: false };
      if (mode === 'off') throw stillEncrypted(endpointId);
      const { endpoint, credentials, revision } = config;
      const whole = { ...endpoint, ...(await vault.open(endpoint, credentials)) };
      const set = { ...attributesOf(await vault.close(whole)), revision: revision + 1 };
      const condition = { equal: { revision } };
      return {
        kind: 'write',
        steps: [{ kind: 'update', key: endpointConfigKey(endpointId), set, condition }],
        result: true,
      };
    });

const stillEncrypted = (endpointId: string): CredentialsStillEncrypted =>
  new CredentialsStillEncrypted(
    `the credentials of endpoint ${endpointId} are encrypted, and credentialEncryption=off would delete their key; ` +
      'deploy credentialEncryption=ending first, which decrypts them',
  );
