import { describe, expect, it } from 'vitest';
import { createApi } from '#test/support/api.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';

const local = stackOfFile();
const { api } = local;

let types = 0;
/** An event type of its own for each test, so that tests see only their own events. */
const freshType = () => `test${types++}.happened`;

async function createEndpoint(url: string, rest: Readonly<Record<string, unknown>>): Promise<string> {
  return String((await api.expect(201, 'POST', '/api/endpoints', { name: 'test', url, ...rest })).id);
}

describe('routing', () => {
  it('sees a creation, a change and a deletion with the very next event', async () => {
    const target = await testReceiver();
    const [type, other] = [freshType(), freshType()];
    const count = async (of: string) =>
      (await api.expect(202, 'POST', '/api/events', { type: of, payload: {} })).webhookCount;
    expect(await count(type)).toBe(0);
    const id = await createEndpoint(target.url, { events: [type] });
    expect(await count(type)).toBe(1);
    await api.expect(200, 'PATCH', `/api/endpoints/${id}`, { events: [other] });
    expect([await count(type), await count(other)]).toEqual([0, 1]);
    await api.expect(204, 'DELETE', `/api/endpoints/${id}`);
    expect(await count(other)).toBe(0);
  });

  it('sees each of 50 parallel creations with the event that follows it', async () => {
    const target = await testReceiver();
    const all = Array.from({ length: 50 }, freshType);
    await api.expect(202, 'POST', '/api/events', { type: 'warm.up', payload: {} });
    const counts = await Promise.all(
      all.map(async (type) => {
        await createEndpoint(target.url, { events: [type] });
        return (await api.expect(202, 'POST', '/api/events', { type, payload: {} })).webhookCount;
      }),
    );
    expect(counts).toEqual(Array(50).fill(1));
  });
});

describe('the most expensive filter that may be saved', () => {
  const text = (length: number): string => Array.from({ length }, (_, n) => 'ab'[((n * n) % 7) & 1]).join('');

  it('takes time from later events of a batch, and never from the first or from other requests', async () => {
    const target = await testReceiver();
    const type = freshType();
    const filters = { conditions: [{ field: 'payload.text', operator: 'regex', value: 'a[ab]{60}[cd]' }] };
    const body = { name: 'expensive', url: target.url, events: [type], filters };
    const { id } = await api.expect(201, 'POST', '/api/endpoints', body);
    await api.expect(409, 'POST', '/api/endpoints', body);
    const event = { type, payload: { text: text(16_000) } };
    const events = Array.from({ length: 10 }, () => event);
    const { results } = await api.expect(202, 'POST', '/api/events/batch', { events });
    const outcomes = Array.isArray(results) ? results : [];
    expect(outcomes).toHaveLength(10);
    expect(outcomes[0]).toMatchObject({ success: true, webhookCount: 0 });
    const late = expect.objectContaining({ code: 'unavailable', status: 503 });
    expect(outcomes.at(-1)).toEqual({ success: false, error: late });
    const { eventId } = await api.expect(202, 'POST', '/api/events', event);
    const { data } = await api.expect(200, 'GET', `/api/events/${eventId}/matching?endpointId=${id}`);
    expect(data).toEqual([expect.objectContaining({ name: 'expensive', outcome: 'filter' })]);
  });
});

describe('applications', () => {
  it('never see one another', async () => {
    await api.expect(201, 'POST', '/api/applications', { id: 'tenant-a', name: 'A' });
    const { token } = await api.expect(201, 'POST', '/api/tokens', {
      name: 'a',
      applicationId: 'tenant-a',
      scopes: ['admin'],
    });
    const tenant = createApi(local.stack.url, String(token));
    const target = await testReceiver();
    const type = freshType();
    const mine = await createEndpoint(target.url, { events: [type] });
    const { eventId } = await api.expect(202, 'POST', '/api/events', { type, payload: {} });
    expect((await tenant.expect(202, 'POST', '/api/events', { type, payload: {} })).webhookCount).toBe(0);
    for (const path of [
      `/api/endpoints/${mine}`,
      `/api/endpoints/${mine}/secret`,
      `/api/events/${eventId}`,
    ]) {
      await tenant.expect(404, 'GET', path);
    }
    expect((await tenant.expect(200, 'GET', '/api/endpoints')).data).toEqual([]);
  });
});
