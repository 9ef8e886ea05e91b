import { createHash } from 'node:crypto';
import { localAccount, localRegion } from './template/pseudo-parameters.ts';

/** The same at every start, so that a data directory goes on fitting; too long ones end in a hash. */
export function physicalName(stackName: string, logicalId: string, longest: number): string {
  const name = `${stackName}-${logicalId}`;
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 9)}-${hash}`;
}

export function arnOf(service: string, resource: string): string {
  return `arn:aws:${service}:${localRegion}:${localAccount}:${resource}`;
}
