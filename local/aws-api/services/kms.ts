import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { ServiceError } from '../../aws-protocol/answer.ts';
import type { ActionHandler, LocalService } from '../../aws-protocol/service.ts';
import type { Section } from '../../data-dir/state.ts';
import { asObject, asText, type JsonObject } from '../../json/json.ts';
import { kmsKeyArn } from '../../template/names.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** The bytes of a key that the local run keeps for an AWS::KMS::Key. */
export const newKey = (): string => randomBytes(32).toString('base64');

/**
 * Emulates symmetric keys: GenerateDataKey and Decrypt with encryption context. What was encrypted names its key, as on
 * AWS, so that Decrypt needs none.
 *
 * @param keys base64 of each key, by ARN
 */
export function kms(keys: Section): LocalService {
  const keyBytes = (arn: string): Buffer => {
    const bytes = asText(keys.get(arn));
    if (bytes === undefined) throw new ServiceError(400, 'NotFoundException', `Key '${arn}' does not exist`);
    return Buffer.from(bytes, 'base64');
  };
  return new Map<string, ActionHandler>([
    [
      'GenerateDataKey',
      (input: JsonObject) => {
        const arn = kmsKeyArn(asText(input.KeyId) ?? '');
        const plaintext = randomBytes(lengthOf(input));
        const nonce = randomBytes(nonceBytes);
        const cipher = createCipheriv(algorithm, keyBytes(arn), nonce);
        cipher.setAAD(contextBytes(input));
        const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
        const blob = Buffer.concat([nameBytes(arn), nonce, cipher.getAuthTag(), encrypted]);
        return {
          CiphertextBlob: blob.toString('base64'),
          Plaintext: plaintext.toString('base64'),
          KeyId: arn,
        };
      },
    ],
    [
      'Decrypt',
      (input: JsonObject) => {
        const blob = readBlob(input);
        const asked = input.KeyId === undefined ? blob?.arn : kmsKeyArn(asText(input.KeyId) ?? '');
        if (blob === undefined || asked === undefined) throw invalidCiphertext();
        if (blob.arn !== asked) {
          const message =
            'The key ID in the request does not identify a CMK that can perform this operation.';
          throw new ServiceError(400, 'IncorrectKeyException', message);
        }
        const decipher = createDecipheriv(algorithm, keyBytes(asked), blob.nonce);
        decipher.setAAD(contextBytes(input));
        decipher.setAuthTag(blob.tag);
        return { KeyId: asked, Plaintext: opened(decipher, blob.encrypted).toString('base64') };
      },
    ],
  ]);
}

/** The key that a ciphertext names; undefined for other bytes. */
export const keyOfCiphertext = (input: JsonObject): string | undefined => readBlob(input)?.arn;

function opened(decipher: ReturnType<typeof createDecipheriv>, encrypted: Buffer): Buffer {
  const start = decipher.update(encrypted);
  try {
    return Buffer.concat([start, decipher.final()]);
  } catch {
    // Node.js has one error for a wrong context and for changed bytes, as AWS has.
    throw invalidCiphertext();
  }
}

function lengthOf(input: JsonObject): number {
  if (input.KeySpec === 'AES_256') return 32;
  if (input.KeySpec === 'AES_128') return 16;
  if (typeof input.NumberOfBytes === 'number') return input.NumberOfBytes;
  throw new ServiceError(400, 'ValidationException', 'Please specify either number of bytes or key spec.');
}

/** The same bytes for the same context, in whatever order it was sent. */
function contextBytes({ EncryptionContext }: JsonObject): Buffer {
  const entries = Object.entries(asObject(EncryptionContext)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(entries));
}

function nameBytes(arn: string): Buffer {
  const name = Buffer.from(arn);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length);
  return Buffer.concat([length, name]);
}

function readBlob({ CiphertextBlob }: JsonObject) {
  const bytes = Buffer.from(asText(CiphertextBlob) ?? '', 'base64');
  const nonceAt = bytes.length < 2 ? 0 : 2 + bytes.readUInt16BE(0);
  const tagAt = nonceAt + nonceBytes;
  const encryptedAt = tagAt + tagBytes;
  if (nonceAt === 0 || bytes.length < encryptedAt) return undefined;
  return {
    arn: bytes.toString('utf8', 2, nonceAt),
    nonce: bytes.subarray(nonceAt, tagAt),
    tag: bytes.subarray(tagAt, encryptedAt),
    encrypted: bytes.subarray(encryptedAt),
  };
}

const invalidCiphertext = () => new ServiceError(400, 'InvalidCiphertextException', '');
