import { createHash } from 'node:crypto';
import { ServiceError } from '../../aws-protocol/answer.ts';
import type { ActionHandler, LocalService } from '../../aws-protocol/service.ts';
import type { Section } from '../../data-dir/state.ts';
import { asText, type JsonObject } from '../../json/json.ts';
import { secretArn } from '../../template/names.ts';

/**
 * Emulates secrets of text with one version, AWSCURRENT. A secret exists from its first value on, which PutSecretValue
 * may set: the caller's policy, which names the ARN, decides whether the secret is declared.
 *
 * @param values of the secrets, by ARN
 */
export function secretsManager(values: Section): LocalService {
  const find = (input: JsonObject) => {
    const arn = secretArn(asText(input.SecretId) ?? '');
    const value = asText(values.get(arn));
    if (value === undefined) throw notFound("Secrets Manager can't find the specified secret.");
    return { arn, value };
  };
  return new Map<string, ActionHandler>([
    [
      'GetSecretValue',
      (input: JsonObject) => {
        const { arn, value } = find(input);
        const stage = asText(input.VersionStage) ?? 'AWSCURRENT';
        const version = asText(input.VersionId) ?? versionOf(value);
        if (stage !== 'AWSCURRENT' || version !== versionOf(value)) {
          throw notFound(`Secrets Manager can't find the specified secret value for staging label: ${stage}`);
        }
        return {
          ARN: arn,
          Name: nameOf(arn),
          SecretString: value,
          VersionId: version,
          VersionStages: [stage],
        };
      },
    ],
    [
      'PutSecretValue',
      (input: JsonObject) => {
        const arn = secretArn(asText(input.SecretId) ?? '');
        const value = asText(input.SecretString);
        if (value === undefined) {
          throw new ServiceError(400, 'InvalidParameterException', 'the local run keeps only a SecretString');
        }
        values.set(arn, value);
        return { ARN: arn, Name: nameOf(arn), VersionId: versionOf(value), VersionStages: ['AWSCURRENT'] };
      },
    ],
    [
      'DescribeSecret',
      (input: JsonObject) => {
        const { arn, value } = find(input);
        return { ARN: arn, Name: nameOf(arn), VersionIdsToStages: { [versionOf(value)]: ['AWSCURRENT'] } };
      },
    ],
  ]);
}

// The store keeps no version ids. A hash of the value changes exactly when the value does.
function versionOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 32);
}

function nameOf(arn: string): string {
  return arn.split(':secret:')[1] ?? arn;
}

function notFound(message: string): ServiceError {
  return new ServiceError(400, 'ResourceNotFoundException', message);
}
