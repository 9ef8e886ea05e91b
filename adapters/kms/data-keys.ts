import type { KeyObject } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { clientLimits, eachTry, oneTry } from '#adapters/aws/clients.ts';
import { createCache } from '#core/concurrency/cache.ts';
import { encryptionKey } from '#core/encryption/encrypt.ts';
import { CredentialsDamaged, CredentialsUnavailable } from '#core/encryption/errors.ts';

/** The keys that encrypt the credentials of applications. */
export interface DataKeys {
  /** A new key, wrapped. */
  generate(applicationId: string): Promise<Uint8Array>;
  /** The key in a wrapped one. A key that was unwrapped before is remembered as long as the function's instance lives. */
  unwrap(applicationId: string, wrapped: Uint8Array): Promise<KeyObject>;
}

// A few hundred bytes each. An instance that serves more applications forgets those that it served least recently.
const remembered = 10_000;

const kms = (): KMSClient => {
  const client = new KMSClient(clientLimits);
  client.middlewareStack.add(oneTry, eachTry);
  return client;
};

/**
 * Data keys from AWS KMS. The application is their encryption context: KMS unwraps a key only for the application that
 * it was made for, and policies and CloudTrail see which application a call is about.
 *
 * @param keyArn of the key that wraps
 * @throws CredentialsUnavailable, CredentialsDamaged from both functions
 */
export function createDataKeys(keyArn: string, client = kms()): DataKeys {
  const unwrapped = createCache<KeyObject>({ capacity: remembered });
  // The application is a part of the name, because what KMS refuses must not come from this memory either.
  const remember = (applicationId: string, wrapped: Uint8Array, ask: () => Promise<KeyObject>) =>
    unwrapped(`${applicationId} ${Buffer.from(wrapped).toString('base64')}`, 0, ask);
  const common = (applicationId: string) => ({
    KeyId: keyArn,
    EncryptionContext: { application: applicationId },
  });

  return {
    async generate(applicationId) {
      const command = new GenerateDataKeyCommand({ ...common(applicationId), KeySpec: 'AES_256' });
      const { Plaintext, CiphertextBlob } = await asked(applicationId, 'make', () => client.send(command));
      const wrapped = given(CiphertextBlob);
      await remember(applicationId, wrapped, async () => encryptionKey(given(Plaintext)));
      return wrapped;
    },
    unwrap: (applicationId, wrapped) =>
      remember(applicationId, wrapped, async () => {
        const command = new DecryptCommand({ ...common(applicationId), CiphertextBlob: wrapped });
        const { Plaintext } = await asked(applicationId, 'unwrap', () => client.send(command));
        return encryptionKey(given(Plaintext));
      }),
  };
}

async function asked<Output>(
  applicationId: string,
  what: 'make' | 'unwrap',
  call: () => Promise<Output>,
): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    const detail = `KMS did not ${what} the data key of application ${applicationId}: ${name}`;
    if (name === 'InvalidCiphertextException') throw new CredentialsDamaged(detail, { cause: error });
    throw new CredentialsUnavailable(detail, { cause: error });
  }
}

function given(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes === undefined) throw new CredentialsUnavailable('KMS answered without a key');
  return bytes;
}
