import { describe, expect, it } from 'vitest';
import { pack } from '#core/event/compression.ts';
import { Hook0Client } from '#sdk/src/client/client.ts';
import { api, apiForEachTest } from '#test/support/api-fixture.ts';
import { anEndpoint, gatewayEvent } from '#test/support/api-function.ts';

// The client against the API's own code, so that a difference in a path, a field or a type makes a test fail.

apiForEachTest();

function clientWith(token: string): Hook0Client {
  const fetch: typeof globalThis.fetch = async (url, init) => {
    const { pathname, search } = new URL(String(url));
    const answer = await api.send(
      gatewayEvent(`${init?.method} ${pathname}${search}`, {
        headers: Object.fromEntries(new Headers(init?.headers)),
        ...(init?.body == null ? {} : { text: String(init.body) }),
      }),
    );
    return new Response(answer.status === 204 ? null : answer.text, {
      status: answer.status,
      headers: answer.headers,
    });
  };
  return new Hook0Client({ apiUrl: 'https://api.example.com', apiToken: token, retries: 0, fetch });
}

const client = (): Hook0Client => clientWith(api.operator);
const hour = 60 * 60 * 1_000;
const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();

describe('the client', () => {
  it('creates, changes, tests and deletes an endpoint', async () => {
    const { endpoints, eventTypes } = client();
    expect([await endpoints.check(anEndpoint), await eventTypes.check({ name: 'order.created' })]).toEqual([
      undefined,
      undefined,
    ]);
    await expect(endpoints.check({ ...anEndpoint, url: 'https://10.0.0.1/' })).rejects.toMatchObject({
      field: 'url',
    });
    const { id } = await endpoints.create(anEndpoint);
    expect(await endpoints.update(id, { name: 'Other', rateLimit: { perSecond: 5 } })).toMatchObject({
      name: 'Other',
      rateLimit: { perSecond: 5 },
    });
    expect((await endpoints.pause(id)).status).toBe('paused');
    expect((await endpoints.resume(id)).status).toBe('active');
    expect(await endpoints.circuit(id)).toMatchObject({ state: 'closed', failures: 0 });
    expect(await endpoints.resetCircuit(id)).toMatchObject({ state: 'closed' });

    const result = await endpoints.test(id, { type: 'order.created', payload: { a: 1 } });
    expect(result).toMatchObject({ success: true, eventType: 'order.created', attempt: { statusCode: 204 } });
    expect(api.tested).toMatchObject([{ endpointId: id, payload: '{"a":1}' }]);

    expect(await endpoints.list()).toMatchObject({ data: [{ id }], nextCursor: null });
    expect(await endpoints.deliveries(id, { status: 'dead' })).toEqual({ data: [], nextCursor: null });
    expect(await endpoints.delete(id)).toBeUndefined();
    await expect(endpoints.get(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('rotates a secret', async () => {
    const { endpoints } = client();
    const { id } = await endpoints.create(anEndpoint);
    const { secret: before } = await endpoints.secret(id);
    const secrets = await endpoints.rotateSecret(id, { overlap: hour });
    expect(secrets.previous).toEqual([
      { createdAt: expect.any(String), expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
    expect(JSON.stringify(secrets)).not.toContain('whsec_');
    const { secret } = await endpoints.secret(id);
    expect(secret).not.toBe(before);
    expect(
      (await endpoints.rotateSecret(id, { overlap: 0, secret: 'a-secret-of-our-own-choice' })).previous,
    ).toEqual([]);
    expect(await endpoints.secret(id)).toMatchObject({ secret: 'a-secret-of-our-own-choice', previous: [] });
  });

  it('starts, follows and cancels tasks', async () => {
    const { deadLetters, endpoints, tasks } = client();
    const { id } = await endpoints.create(anEndpoint);
    const { taskId } = await endpoints.recover(id, { since: ago(hour), dryRun: true });
    expect(await tasks.get(taskId)).toMatchObject({
      type: 'recover',
      status: 'queued',
      dryRun: true,
      endpointId: id,
      processed: 0,
    });
    const redrive = await deadLetters.redrive({ endpointId: id });
    expect((await tasks.cancel(redrive.taskId)).status).toBe('cancelled');
    const listed: string[] = [];
    for await (const task of tasks.all()) listed.push(task.id);
    expect(listed.sort()).toEqual([taskId, redrive.taskId].sort());
    expect(await deadLetters.list({ endpointId: id })).toEqual({ data: [], nextCursor: null });
  });

  it('reads and deletes an event', async () => {
    const { events } = client();
    const id = api.ids.event();
    await api.stores.events.create({
      ...{
        id,
        applicationId: 'default',
        type: 'order.created',
        tags: ['a'],
        endpointCount: 0,
        endpoints: [],
      },
      ...{ timestamp: Date.now(), deliverAt: Date.now(), payload: pack(Buffer.from('{"n":1}')) },
    });
    expect(await events.get(id)).toMatchObject({ payload: { n: 1 }, deliveries: [] });
    expect((await events.list({ type: 'order.created', tag: 'a' })).data).toMatchObject([{ id }]);
    expect(await events.replay(id, { dryRun: true })).toEqual({ taskId: expect.stringMatching(/^tsk_/) });
    expect(await events.delete(id)).toBeUndefined();
    await expect(events.get(id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('reads the deliveries of an event page by page, and those of an endpoint by time', async () => {
    const { events, endpoints } = client();
    const { id: endpointId } = await endpoints.create(anEndpoint);
    const targets = [endpointId, api.ids.endpoint(), api.ids.endpoint()];
    const id = api.ids.event();
    await api.stores.events.create({
      ...{ id, applicationId: 'default', type: 'order.created', tags: [], endpointCount: targets.length },
      endpoints: targets.map((target) => ({ endpointId: target, priority: 'normal' })),
      ...{ timestamp: Date.now(), deliverAt: Date.now(), payload: pack(Buffer.from('{"n":1}')) },
    });
    const first = await events.get(id, { limit: 2 });
    const rest = await events.get(id, { limit: 2, cursor: first.nextCursor ?? '' });
    const seen = [...first.deliveries, ...rest.deliveries].map((delivery) => delivery.endpointId);
    expect(seen.toSorted()).toEqual(targets.toSorted());
    expect(rest.nextCursor).toBeNull();
    const page = await endpoints.deliveries(endpointId, { since: ago(hour), until: ago(0), limit: 5 });
    expect(page).toEqual({ data: [], nextCursor: null });
  });

  it('limits an application, creates a portal token, and deletes all of the application', async () => {
    const { applications } = client();
    const { id } = await applications.create({ name: 'Shop', limits: { endpoints: 1 } });
    expect((await applications.get(id)).limits).toMatchObject({ endpoints: 1, eventTypes: 10_000 });
    expect((await applications.update(id, { limits: { endpoints: 2, eventTypes: 5 } })).limits).toMatchObject(
      {
        endpoints: 2,
        eventTypes: 5,
      },
    );
    const portal = await applications.createPortalToken(id, {
      capabilities: ['endpoints:read', 'endpoints:write'],
      expiresIn: hour,
    });
    expect(portal).toMatchObject({ kind: 'portal', applicationId: id });
    await clientWith(portal.token).endpoints.create(anEndpoint);
    await expect(applications.delete(id)).rejects.toMatchObject({ code: 'not_empty' });
    await expect(applications.delete(id, { confirm: 'other' })).rejects.toMatchObject({ httpStatus: 400 });
    expect(await applications.delete(id, { confirm: id })).toEqual({ id, status: 'purging' });
    const { id: empty } = await applications.create({ name: 'Empty' });
    expect(await applications.delete(empty)).toBeUndefined();
  });

  it('makes, changes and revokes tokens', async () => {
    const { tokens } = client();
    const { id, token } = await tokens.create({
      name: 'producer',
      scopes: ['ingest', 'read'],
      rateLimit: { perSecond: 10 },
    });
    expect((await clientWith(token).endpoints.list()).data).toEqual([]);
    const changed = await tokens.update(id, {
      rateLimit: null,
      expiresAt: new Date(Date.now() + hour).toISOString(),
    });
    expect(changed).toMatchObject({ id, scopes: ['ingest', 'read'], expiresAt: expect.any(String) });
    expect(changed).not.toHaveProperty('rateLimit');
    expect((await tokens.list()).data.map((one) => one.id)).toContain(id);
    expect(await tokens.delete(id)).toBeUndefined();

    const { id: operators } = await tokens.create({ name: 'ops', scopes: ['admin'], applicationId: '*' });
    expect((await tokens.list({ applicationId: '*' })).data.map((one) => one.id)).toContain(operators);
    expect(await tokens.update(operators, { name: 'o' }, { applicationId: '*' })).toMatchObject({
      name: 'o',
    });
    await tokens.delete(operators, { applicationId: '*' });
  });

  it('registers event types', async () => {
    const { eventTypes } = client();
    const made = await eventTypes.create({ name: 'order.created', schema: { type: 'object' }, example: {} });
    expect(made).toMatchObject({ name: 'order.created', archived: false });
    expect(await eventTypes.update('order.created', { archived: true })).toMatchObject({ archived: true });
    expect((await eventTypes.list()).data).toMatchObject([{ name: 'order.created' }]);
    await eventTypes.delete('order.created');
    await expect(eventTypes.get('order.created')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('reads statistics and metrics', async () => {
    const hook0 = client();
    const { id } = await hook0.endpoints.create(anEndpoint);
    const stats = await hook0.endpoints.stats(id, { since: ago(3 * hour) });
    expect(stats).toMatchObject({ endpointId: id, series: [] });
    expect(stats.totals).toMatchObject({ attempts: 0, successRate: null, duration: { p99: null } });
    expect(stats.totals.duration.buckets.at(-1)?.atMost).toBeNull();
    expect(await hook0.stats()).toMatchObject({
      applicationId: 'default',
      events: 0,
      topFailingEndpoints: [],
    });
    const { metrics, after } = await hook0.metrics.get({ limit: 10 });
    expect(after).toBeNull();
    expect(metrics.hook0_queue_size?.samples).toContainEqual(
      expect.objectContaining({ labels: expect.objectContaining({ queue_name: 'normal' }) }),
    );
    expect(await hook0.metrics.text()).toContain('# TYPE hook0_queue_size gauge\n');
    await expect(hook0.metrics.text({ limit: 0 })).rejects.toMatchObject({ code: 'invalid_query' });
  });
});
