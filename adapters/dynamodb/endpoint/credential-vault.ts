import type { createDataKeyStore } from '#adapters/dynamodb/application/data-key-store.ts';
import { endpointConfigKey } from '#adapters/dynamodb/table/config-keys.ts';
import { keyText } from '#adapters/dynamodb/table/table.ts';
import type { DataKeys } from '#adapters/kms/data-keys.ts';
import { createCache } from '#core/concurrency/cache.ts';
import { decrypt, encrypt, nonceBytes } from '#core/encryption/encrypt.ts';
import { CredentialsDamaged, CredentialsUnavailable } from '#core/encryption/errors.ts';
import type { Endpoint, EndpointCredentials, EndpointOutline } from '#core/endpoint/endpoint.ts';
import { credentialsText, parseCredentials, type StoredCredentials } from './stored-credentials.ts';

/** Reads the credentials of endpoints. */
export interface CredentialReader {
  /** @throws CredentialsUnavailable, CredentialsDamaged */
  open(endpoint: EndpointOutline, stored: StoredCredentials): Promise<EndpointCredentials>;
}

/** Reads and writes the credentials of endpoints. */
export interface CredentialVault extends CredentialReader {
  /** @throws CredentialsUnavailable, NotFound when there is no such application */
  close(endpoint: Endpoint): Promise<StoredCredentials>;
}

/** The item that credentials are encrypted for: copied to another item, they cannot be read. */
const placeOf = ({ id }: EndpointOutline): string => keyText(endpointConfigKey(id));

/** Leaves credentials to the encryption of the table, and cannot read those that were encrypted before. */
export const plainVault: CredentialVault = {
  async open({ id }, stored) {
    if (stored.kind === 'plain') return { headers: stored.headers, secrets: stored.secrets };
    throw new CredentialsUnavailable(
      `the credentials of endpoint ${id} are encrypted, but this function has no key: ` +
        'deploy with the setting credentialEncryption=on',
    );
  },
  close: async ({ headers, secrets }) => ({ kind: 'plain', headers, secrets }),
};

/** Reads encrypted credentials, and plain ones that were stored before the encryption was switched on. */
export function createCredentialReader(keys: Pick<DataKeys, 'unwrap'>): CredentialReader {
  return {
    async open(endpoint, stored) {
      if (stored.kind === 'plain') return plainVault.open(endpoint, stored);
      const key = await keys.unwrap(endpoint.applicationId, stored.dataKey);
      try {
        return parseCredentials(decrypt(key, stored.content, placeOf(endpoint)));
      } catch (error) {
        const detail = `the credentials of endpoint ${endpoint.id} cannot be decrypted: they were changed or moved`;
        throw new CredentialsDamaged(detail, { cause: error });
      }
    },
  };
}

// More than the applications whose endpoints one instance of the api function edits.
const remembered = 1_000;

/**
 * Encrypts the credentials of an endpoint with the data key of its application, which the first endpoint makes.
 *
 * @param dataKeys the wrapped keys
 * @param randomBytes of a cryptographic source
 */
export function createCredentialVault(
  keys: DataKeys,
  dataKeys: ReturnType<typeof createDataKeyStore>,
  randomBytes: (count: number) => Uint8Array,
): CredentialVault {
  const wrappedOf = createCache<Uint8Array>({ capacity: remembered });
  return {
    ...createCredentialReader(keys),
    async close(endpoint) {
      const { applicationId } = endpoint;
      const dataKey = await wrappedOf(applicationId, 0, () =>
        dataKeys.ensure(applicationId, () => keys.generate(applicationId)),
      );
      const key = await keys.unwrap(applicationId, dataKey);
      const content = encrypt(key, randomBytes(nonceBytes), credentialsText(endpoint), placeOf(endpoint));
      return { kind: 'encrypted', dataKey, content };
    },
  };
}
