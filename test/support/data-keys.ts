import { type KeyObject, randomBytes } from 'node:crypto';
import type { DataKeys } from '#adapters/kms/data-keys.ts';
import { encryptionKey } from '#core/encryption/encrypt.ts';
import { CredentialsDamaged, CredentialsUnavailable } from '#core/encryption/errors.ts';

interface TestDataKeys extends DataKeys {
  /** How many keys were made. */
  readonly made: number;
  /** While it is false, each call is refused. */
  isUp: boolean;
}

/** Keys as a key service hands them out, which are unwrapped only for their application. */
export function testDataKeys(): TestDataKeys {
  const keys = new Map<string, { readonly applicationId: string; readonly key: KeyObject }>();
  const nameOf = (wrapped: Uint8Array) => Buffer.from(wrapped).toString('hex');
  const up = () => {
    if (!service.isUp) throw new CredentialsUnavailable('the key service is down');
  };
  const service = {
    isUp: true,
    get made() {
      return keys.size;
    },
    async generate(applicationId: string) {
      up();
      const wrapped = Uint8Array.from(randomBytes(184));
      keys.set(nameOf(wrapped), { applicationId, key: encryptionKey(randomBytes(32)) });
      return wrapped;
    },
    async unwrap(applicationId: string, wrapped: Uint8Array) {
      up();
      const found = keys.get(nameOf(wrapped));
      if (found?.applicationId !== applicationId) throw new CredentialsDamaged('another context');
      return found.key;
    },
  };
  return service;
}
