import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import { notFound } from '#core/problem/problem.ts';
import type { Uses } from '../services.ts';

/** @throws Problem `not_found` */
export function found<Value>(value: Value | undefined, resource: string, id: string): Value {
  if (value === undefined) throw notFound(resource, id);
  return value;
}

/** @throws Problem `not_found` */
export async function loadEndpoint(
  { endpoints }: Uses<'endpoints', 'get'>,
  applicationId: string,
  id: string,
): Promise<EndpointRecord> {
  return found(await endpoints.get(applicationId, id), 'endpoint', id);
}
