import { describe, expect, it } from 'vitest';
import { createApi } from '#test/support/api.ts';
import { stackOfFile } from '#test/support/file-stack.ts';
import { by, mentions } from '#test/support/stack-faults.ts';

const local = stackOfFile();
const { api } = local;

const denials = (): string[] =>
  local.stack
    .logs()
    .map(({ text }) => text)
    .filter((text) => text.includes('not authorized'));

describe('the limits of an application', () => {
  const asOwner = async (limits?: object) => {
    const { id } = await api.expect(201, 'POST', '/api/applications', { name: 'limited', limits });
    const named = { 'X-Hook0-Application': String(id) };
    const body = { name: 'owner', scopes: ['admin'] };
    const made = await createApi(local.stack.url, local.stack.adminToken).call(
      'POST',
      '/api/tokens',
      body,
      named,
    );
    const { token } = made.json as { readonly token: string };
    return createApi(local.stack.url, token);
  };

  it('hold for all tokens together, however many there are', async () => {
    const owner = await asOwner({ eventsPerSecond: 1 });
    const makeToken = async () =>
      String((await owner.expect(201, 'POST', '/api/tokens', { name: 'x', scopes: ['ingest'] })).token);
    const [one, other] = [await makeToken(), await makeToken()];
    const batch = { events: Array.from({ length: 50 }, () => ({ type: '!' })) };
    const first = await createApi(local.stack.url, one).call('POST', '/api/events/batch', batch);
    expect(first.status).toBe(202);
    const refused = await createApi(local.stack.url, other).call('POST', '/api/events', {
      type: 'cap.single',
      payload: {},
    });
    expect(refused).toMatchObject({ status: 429, json: { code: 'application_rate_limited' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(5);
  });

  it('bound the bytes of a day', async () => {
    const owner = await asOwner({ bytesPerDay: 10_000_000 });
    const batch = { events: Array(20).fill({ type: '!', source: 'x'.repeat(240_000) }) };
    const statuses: number[] = [];
    for (let posted = 0; posted < 4; posted += 1)
      statuses.push((await owner.call('POST', '/api/events/batch', batch)).status);
    expect(statuses).toEqual([202, 202, 429, 429]);
    const refused = await owner.call('POST', '/api/events/batch', batch);
    expect(refused.json).toMatchObject({ code: 'daily_bytes_used' });
  });

  it('bound the other requests of a token, which pass while their counter is unavailable', async () => {
    const owner = await asOwner();
    const counter = by('Hook0Api', mentions('RATE#REQUESTS#'));
    const counted: unknown[] = [];
    const observer = local.stack.proxy.faults.observe({
      before: async ({ principal, input }) => {
        if (principal.startsWith('Hook0Api') && JSON.stringify(input).includes('RATE#REQUESTS#'))
          counted.push(input);
      },
    });
    await owner.expect(200, 'GET', '/api/endpoints');
    expect(counted).toHaveLength(1);
    observer.remove();
    const fault = local.stack.proxy.faults.add({ match: counter, kind: 'throttle' });
    const other = await asOwner();
    await other.expect(200, 'GET', '/api/endpoints');
    expect(fault.hits).toBeGreaterThan(0);
    fault.remove();
    expect(denials()).toEqual([]);
  });
});
