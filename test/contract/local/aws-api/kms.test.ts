import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { kmsKeyArn, startTestProxy, type TestProxy } from '#test/support/proxy.ts';

let aws: TestProxy;

beforeAll(async () => {
  aws = await startTestProxy();
});
afterAll(() => aws?.stop());
beforeEach(() => aws.proxy.faults.clear());

const acme = { application: 'acme' };
const worker = () => aws.clientsOf('Worker').kms;
const generate = (KeyId = kmsKeyArn('wraps'), EncryptionContext: Record<string, string> = acme) =>
  worker().send(new GenerateDataKeyCommand({ KeyId, EncryptionContext, KeySpec: 'AES_256' }));

describe('a data key', () => {
  it('is unwrapped with its context, with or without the name of its key', async () => {
    const { Plaintext, CiphertextBlob, KeyId } = await generate();

    expect(KeyId).toBe(kmsKeyArn('wraps'));
    expect(Plaintext).toHaveLength(32);
    expect(Buffer.from(CiphertextBlob ?? []).includes(Buffer.from(Plaintext ?? []))).toBe(false);
    for (const named of [{}, { KeyId: kmsKeyArn('wraps') }, { KeyId: 'wraps' }]) {
      const command = new DecryptCommand({ CiphertextBlob, EncryptionContext: acme, ...named });
      expect((await worker().send(command)).Plaintext).toEqual(Plaintext);
    }
  });

  it.each([
    ['another context', { EncryptionContext: { application: 'other' } }, 'InvalidCiphertextException'],
    ['another key', { KeyId: kmsKeyArn('other') }, 'IncorrectKeyException'],
    ['other bytes', { CiphertextBlob: Buffer.from('no ciphertext') }, 'InvalidCiphertextException'],
    ['a key that does not exist', { KeyId: kmsKeyArn('none') }, 'IncorrectKeyException'],
  ])('is refused with %s', async (_, given, name) => {
    const { CiphertextBlob } = await generate();
    const command = new DecryptCommand({
      ...{ CiphertextBlob, EncryptionContext: acme, KeyId: kmsKeyArn('wraps') },
      ...given,
    });

    await expect(worker().send(command)).rejects.toMatchObject({ name });
  });

  it('is refused when a bit of it was changed', async () => {
    const { CiphertextBlob } = await generate();
    const changed = Buffer.from(CiphertextBlob ?? []);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    const command = new DecryptCommand({ CiphertextBlob: changed, EncryptionContext: acme });

    await expect(worker().send(command)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('is not made by a key that does not exist', async () => {
    await expect(generate(kmsKeyArn('none'))).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('policies about KMS keys', () => {
  const denied = { name: 'AccessDeniedException' };

  it('decide by the encryption context', async () => {
    await expect(generate(undefined, {})).rejects.toMatchObject(denied);
    await expect(generate(undefined, { tenant: 'acme' })).rejects.toMatchObject(denied);
    await expect(generate(undefined, { ...acme, more: 'x' })).rejects.toMatchObject(denied);
  });

  it('may name one value of the context and one action', async () => {
    const { kms } = aws.clientsOf('Tenant');
    const decrypt = async (EncryptionContext: Record<string, string>) => {
      const { CiphertextBlob } = await generate(undefined, EncryptionContext);
      return kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    };

    expect((await decrypt(acme)).Plaintext).toHaveLength(32);
    await expect(decrypt({ application: 'other' })).rejects.toMatchObject(denied);
    const command = new GenerateDataKeyCommand({
      ...{ KeyId: kmsKeyArn('wraps'), EncryptionContext: acme, KeySpec: 'AES_256' },
    });
    await expect(kms.send(command)).rejects.toMatchObject(denied);
  });

  it('of a role count only where the policy of the key leaves the decision to them', async () => {
    await expect(generate(kmsKeyArn('closed'))).rejects.toMatchObject({
      ...denied,
      message: expect.stringContaining('because no resource-based policy allows the kms:GenerateDataKey'),
    });
  });
});

it.each([
  ['throttle', 'ThrottlingException'],
  ['unavailable', 'KMSInternalException'],
] as const)('the fault %s is the error that KMS answers', async (kind, name) => {
  aws.proxy.faults.add({ match: ({ service }) => service === 'kms', kind });

  await expect(generate()).rejects.toMatchObject({ name });
});
