import { createHash } from 'node:crypto';
import { localAccount, localRegion } from './pseudo-parameters.ts';

/** The same name at every start, so that a data directory still fits; a name that is too long ends in a hash. */
export function physicalName(stackName: string, logicalId: string, longest: number): string {
  const name = `${stackName}-${logicalId}`;
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${hash}`;
}

export function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${localRegion}:${localAccount}:${resource}`;
}

export const roleArn = (name: string): string => `arn:aws:iam::${localAccount}:role/${name}`;
export const queueArn = (name: string): string => arnOf('sqs', name);

/** @param arnOrName of a queue */
export const queueUrl = (origin: string, arnOrName: string): string =>
  `${origin}/${localAccount}/${arnOrName.split(':').at(-1)}`;

/** Keys may be given by id or by ARN, as on AWS. */
export const kmsKeyArn = (idOrArn: string): string =>
  idOrArn.startsWith('arn:') ? idOrArn : arnOf('kms', `key/${idOrArn}`);

/** Secrets may be named or given by ARN, as on AWS. */
export const secretArn = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arnOf('secretsmanager', `secret:${nameOrArn}`);

/** Functions may be named or given by ARN, as on AWS. */
export const functionArn = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arnOf('lambda', `function:${nameOrArn}`);

/** A function's ARN without its version or alias. */
export const unqualified = (arn: string): string => arn.split(':').slice(0, 7).join(':');
