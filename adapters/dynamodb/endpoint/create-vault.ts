import { randomBytes } from 'node:crypto';
import { createDataKeyStore } from '#adapters/dynamodb/application/data-key-store.ts';
import type { ConfigTable } from '#adapters/dynamodb/table/config-table.ts';
import type { DataKeys } from '#adapters/kms/data-keys.ts';
import {
  type CredentialReader,
  type CredentialVault,
  createCredentialReader,
  createCredentialVault,
  plainVault,
} from './credential-vault.ts';

/** How credentials are stored. `ending`: what is encrypted is still read, and writes are plain. */
const encryptionModes = ['on', 'ending', 'off'] as const;

export type EncryptionMode = (typeof encryptionModes)[number];

/** @throws Error naming what was received and what is accepted */
export function parseEncryptionMode(text: string): EncryptionMode {
  const known = encryptionModes.find((mode) => mode === text);
  if (!known) throw new Error(`unknown encryption mode "${text}"; accepted: ${encryptionModes.join(', ')}`);
  return known;
}

/** The client of KMS is loaded by the first key that is needed, because many instances of the api function need none. */
function lazyKeys(keyArn: string): DataKeys {
  let keys: Promise<DataKeys> | undefined;
  const load = () => {
    keys ??= import('#adapters/kms/data-keys.ts').then(({ createDataKeys }) => createDataKeys(keyArn));
    return keys;
  };
  return {
    generate: async (applicationId) => (await load()).generate(applicationId),
    unwrap: async (applicationId, wrapped) => (await load()).unwrap(applicationId, wrapped),
  };
}

/** For functions that only read credentials. */
export const createReader = (mode: EncryptionMode, keyArn: string): CredentialReader =>
  mode === 'off' ? plainVault : createCredentialReader(lazyKeys(keyArn));

/** For functions that also write credentials. */
export function createVault(mode: EncryptionMode, keyArn: string, table: ConfigTable): CredentialVault {
  if (mode === 'off') return plainVault;
  const vault = createCredentialVault(lazyKeys(keyArn), createDataKeyStore(table), randomBytes);
  return mode === 'on' ? vault : { ...vault, close: plainVault.close };
}
