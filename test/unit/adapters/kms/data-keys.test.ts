import { randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { createDataKeys } from '#adapters/kms/data-keys.ts';
import { CredentialsDamaged, CredentialsUnavailable } from '#core/encryption/errors.ts';

const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/k';
const key = randomBytes(32);

/** A client whose calls are answered here. */
function world(answer: (command: unknown) => object | Error) {
  const calls: unknown[] = [];
  const client = {
    send: async (command: { readonly input: unknown }) => {
      calls.push(command.input);
      const answered = answer(command);
      if (answered instanceof Error) throw answered;
      return answered;
    },
  } as unknown as KMSClient;
  return { calls, keys: createDataKeys(keyArn, client) };
}

const failure = (name: string): Error => Object.assign(new Error('refused'), { name });

describe('data keys', () => {
  it('are unwrapped once, for the application that they are for', async () => {
    const { calls, keys } = world(() => ({ Plaintext: key }));
    const wrapped = Uint8Array.of(1, 2, 3);

    const unwrapped = await Promise.all([keys.unwrap('acme', wrapped), keys.unwrap('acme', wrapped)]);
    unwrapped.push(await keys.unwrap('acme', Uint8Array.from(wrapped)));

    for (const one of unwrapped) expect(one.export()).toEqual(key);
    expect(calls).toEqual([
      { KeyId: keyArn, EncryptionContext: { application: 'acme' }, CiphertextBlob: wrapped },
    ]);
  });

  it('are not taken from memory for another application', async () => {
    const wrapped = Uint8Array.of(1, 2, 3);
    const { keys } = world((command) =>
      command instanceof DecryptCommand && command.input.EncryptionContext?.application === 'acme'
        ? { Plaintext: key }
        : failure('InvalidCiphertextException'),
    );
    await keys.unwrap('acme', wrapped);

    await expect(keys.unwrap('other', wrapped)).rejects.toBeInstanceOf(CredentialsDamaged);
  });

  it('need no second call when they were just made', async () => {
    const wrapped = Uint8Array.of(9);
    const { calls, keys } = world((command) =>
      command instanceof GenerateDataKeyCommand ? { Plaintext: key, CiphertextBlob: wrapped } : failure('no'),
    );

    expect(await keys.generate('acme')).toBe(wrapped);
    expect((await keys.unwrap('acme', wrapped)).export()).toEqual(key);
    expect(calls).toEqual([
      { KeyId: keyArn, EncryptionContext: { application: 'acme' }, KeySpec: 'AES_256' },
    ]);
  });

  it.each([
    'ThrottlingException',
    'KMSInternalException',
    'AccessDeniedException',
    'DisabledException',
    'IncorrectKeyException',
    'TimeoutError',
  ])('are unavailable after %s, and asked for again', async (name) => {
    let answers = 0;
    const { keys } = world(() => {
      answers += 1;
      return answers === 1 ? failure(name) : { Plaintext: key };
    });

    const refused = keys.unwrap('acme', Uint8Array.of(1));
    await expect(refused).rejects.toBeInstanceOf(CredentialsUnavailable);
    await expect(refused).rejects.toThrow(`KMS did not unwrap the data key of application acme: ${name}`);
    expect((await keys.unwrap('acme', Uint8Array.of(1))).export()).toEqual(key);
  });
});
