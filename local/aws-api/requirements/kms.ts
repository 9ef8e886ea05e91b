import type { AwsCall } from '../../aws-protocol/call.ts';
import type { AuthorizationRequest } from '../../iam/evaluate.ts';
import { asObject, asText } from '../../json/json.ts';
import { kmsKeyArn } from '../../template/names.ts';
import { keyOfCiphertext } from '../services/kms.ts';
import { requestContext } from './context.ts';

/** The permission that AWS checks for a KMS call. Undefined for an action that is not known. */
export function kmsRequirements(call: AwsCall): readonly AuthorizationRequest[] | undefined {
  const { action, input } = call;
  if (action !== 'GenerateDataKey' && action !== 'Decrypt') return undefined;
  const named = asText(input.KeyId) ?? (action === 'Decrypt' ? keyOfCiphertext(input) : undefined);
  const entries = Object.entries(asObject(input.EncryptionContext));
  const values = entries.map(([name, value]): [string, () => string[]] => [
    `kms:encryptioncontext:${name.toLowerCase()}`,
    () => [String(value)],
  ]);
  return [
    {
      action: `kms:${action}`,
      resource: kmsKeyArn(named ?? ''),
      context: requestContext(call.principal, {
        ...Object.fromEntries(values),
        'kms:encryptioncontextkeys': () => (entries.length === 0 ? undefined : entries.map(([name]) => name)),
      }),
    },
  ];
}
