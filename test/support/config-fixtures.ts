import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Application } from '#core/application/application.ts';
import type { Endpoint } from '#core/endpoint/endpoint.ts';
import type { FilterableEvent } from '#core/filter/field.ts';

/** A valid endpoint; tests say only what matters to them. */
export function anEndpoint(given: Partial<Endpoint> & Pick<Endpoint, 'id'>): Endpoint {
  return {
    applicationId: 'acme',
    name: 'Orders',
    url: 'https://example.com/hooks',
    events: ['order.created'],
    headers: {},
    timeout: 30_000,
    priority: 'normal',
    retryConfig: 'standard',
    circuitBreaker: { enabled: true, threshold: 5, timeout: 60_000 },
    secrets: [{ value: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', createdAt: 1 }],
    signatureHeader: 'X-Hook0-Signature',
    metadata: {},
    createdAt: 1,
    updatedAt: 1,
    ...given,
  };
}

export const anApplication = (given: Partial<Application> = {}): Application => ({
  id: 'acme',
  name: 'Acme',
  metadata: {},
  createdAt: 1,
  updatedAt: 1,
  ...given,
});

export const anEvent = (type: string, payload: unknown = {}): FilterableEvent => ({
  id: 'evt_1',
  type,
  tags: [],
  timestamp: '2026-01-01T00:00:00.000Z',
  payloadLength: JSON.stringify(payload).length,
  payload: () => payload,
});

type Command = Parameters<DynamoDBClient['send']>[0];

/** The client, with each command passed to `send` first, which may count it, fail, or write something before it. */
export function through(
  client: DynamoDBClient,
  send: (command: Command) => Promise<unknown>,
): DynamoDBClient {
  return Object.create(client, { send: { value: send } }) as DynamoDBClient;
}
