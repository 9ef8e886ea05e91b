import type { EndpointRecord, OutlineRecord } from '#core/endpoint/endpoint.ts';
import { notFound } from '#core/problem/problem.ts';
import type { Uses } from '../services.ts';

/** @throws Problem `not_found` */
export function found<Value>(value: Value | undefined, resource: string, id: string): Value {
  if (value === undefined) throw notFound(resource, id);
  return value;
}

/** An endpoint without its credentials. @throws Problem `not_found` */
export async function loadOutline(
  { endpoints }: Uses<'endpoints', 'outline'>,
  applicationId: string,
  id: string,
): Promise<OutlineRecord> {
  return found(await endpoints.outline(applicationId, id), 'endpoint', id);
}

/** @throws Problem `not_found`, CredentialsUnavailable, CredentialsDamaged */
export async function loadEndpoint(
  { endpoints }: Uses<'endpoints', 'get'>,
  applicationId: string,
  id: string,
): Promise<EndpointRecord> {
  return found(await endpoints.get(applicationId, id), 'endpoint', id);
}
