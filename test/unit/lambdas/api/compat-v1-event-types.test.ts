import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRouter } from '#adapters/http-api/router.ts';
import { Problem } from '#core/problem/problem.ts';
import { AlreadyExists, VersionConflict } from '#core/problem/store-errors.ts';
import { v1EventTypeRoutes } from '#lambdas/api/routes/compat-v1-event-types.ts';

const originalId = randomUUID();
const type = { application_id: originalId, service: 'order', resource_type: 'invoice', verb: 'paid' };

const times = { createdAt: 0, updatedAt: 0 };
const applicationOf = (id: string) => ({ id, name: id, metadata: {}, ...times });
const eventTypeOf = (applicationId: string, name: string) => ({
  applicationId,
  name,
  archived: false,
  ...times,
});

/** The routes with a store that sorts names and pages like the real one. */
function world(
  caller: { applicationId: string; isOperator: boolean } = { applicationId: 'shop', isOperator: false },
) {
  const names = new Map<string, string[]>();
  const limits: number[] = [];
  let refusal: Error | undefined;
  const of = (applicationId: string) => names.get(applicationId) ?? [];
  const applicationExists = async (id: string) => ['shop', 'default'].includes(id);
  const respond = createRouter({
    applicationExists,
    countRequest: async () => undefined,
    authenticate: async () => {
      if (refusal) throw refusal;
      const { applicationId } = caller;
      const token = { id: 't', applicationId, name: '', scopes: ['manage' as const], createdAt: 0 };
      return { ...caller, hops: 0, token };
    },
    routes: v1EventTypeRoutes({
      now: () => 0,
      applications: {
        get: async (id) => ((await applicationExists(id)) ? applicationOf(id) : undefined),
      },
      eventTypes: {
        create: async ({ applicationId, name }) => {
          if (of(applicationId).includes(name)) throw new AlreadyExists(`there is an event type ${name}`);
          names.set(applicationId, [...of(applicationId), name].sort());
        },
        list: async (applicationId, { limit, after = '' }) => {
          limits.push(limit);
          const rest = of(applicationId).filter((name) => name > after);
          const items = rest.slice(0, limit).map((name) => eventTypeOf(applicationId, name));
          const last = items.at(-1);
          return { items, next: rest.length > limit ? last?.name : undefined };
        },
      },
    }),
  });
  const call = async (
    method: string,
    query: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const answer = await respond({
      method,
      path: '/api/v1/event_types',
      host: 'localhost',
      query: new URLSearchParams(query),
      headers,
      body: { content: body === undefined ? '' : JSON.stringify(body), isBase64: false },
      requestId: 'r',
    });
    return { status: answer.statusCode, body: JSON.parse(answer.body) };
  };
  const refuse = (error: Error) => {
    refusal = error;
  };
  return { call, names, limits, refuse };
}

describe('the event types of the original API', () => {
  it('are created, also repeatedly, and listed', async () => {
    const { call, names } = world();
    const view = {
      service_name: 'order',
      resource_type_name: 'invoice',
      verb_name: 'paid',
      event_type_name: 'order.invoice.paid',
    };
    expect(await call('GET', `application_id=${originalId}`)).toEqual({ status: 200, body: [] });
    for (let times = 0; times < 2; times += 1) {
      expect(await call('POST', '', type)).toEqual({ status: 201, body: view });
    }
    expect(names.get('shop')).toEqual(['order.invoice.paid']);
    expect(await call('GET', `application_id=${originalId}`)).toEqual({ status: 200, body: [view] });
  });

  it('are listed in one answer, if they have three words, up to a thousand', async () => {
    const { call, names, limits } = world();
    const many = Array.from({ length: 1_200 }, (_, index) => `a.b.${String(index).padStart(4, '0')}`);
    names.set('shop', ['a.b', ...many, 'z.y.x.w'].sort());
    const { body } = await call('GET', `application_id=${originalId}`);
    expect(body.map(({ event_type_name }: { event_type_name: string }) => event_type_name)).toEqual(
      many.slice(0, 999),
    );
    expect(limits).toEqual(Array(10).fill(100));
  });

  it('belong to the application of the token', async () => {
    const { call } = world();
    await expect(call('GET', 'application_id=default')).rejects.toMatchObject({
      status: 404,
      id: 'NotFound',
    });
    await expect(call('GET', '')).rejects.toMatchObject({ code: 'invalid_query', id: 'Validation' });
  });

  it('belong to the application that an operator names, if it exists', async () => {
    const { call, names } = world({ applicationId: 'default', isOperator: true });
    await call('POST', '', { ...type, application_id: 'shop' });
    expect([...names.keys()]).toEqual(['shop']);
    await expect(call('POST', '', type)).rejects.toMatchObject({ status: 404, id: 'NotFound' });
  });

  it('are refused with the ids of the original, also by the router', async () => {
    const { call, refuse } = world();
    await expect(call('GET', `application_id=${originalId}&page=2`)).rejects.toMatchObject({
      code: 'invalid_query',
      id: 'Validation',
    });
    refuse(new Problem('token_missing', { detail: 'no token' }));
    await expect(call('POST', '', type)).rejects.toMatchObject({
      code: 'token_missing',
      id: 'AuthNoAuthorizationHeader',
    });
    refuse(new Problem('scope_missing', { detail: 'no scope' }));
    await expect(call('POST', '', type)).rejects.toMatchObject({ code: 'scope_missing', id: 'Forbidden' });
    refuse(new VersionConflict('contended'));
    await expect(call('POST', '', type)).rejects.toMatchObject({
      code: 'contended',
      id: 'ServiceUnavailable',
    });
  });

  it.each([
    [{ verb: 'paid.twice' }, 'verb'],
    [{ service: '' }, 'service'],
    [{ resource_type: 'x'.repeat(41) }, 'resource_type'],
  ])('%j is refused', async (change, field) => {
    await expect(world().call('POST', '', { ...type, ...change })).rejects.toMatchObject({
      code: 'validation_failed',
      id: 'Validation',
      field,
    });
  });
});
