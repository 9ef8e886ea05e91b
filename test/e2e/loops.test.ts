import { describe, expect, it } from 'vitest';
import { mostHops } from '#core/hop/hop.ts';
import { deliveryId } from '#core/id/ids.ts';
import type { EditableTemplate } from '#local/run/stack.ts';
import { stackOfFile } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

type Row = Readonly<Record<string, unknown>>;

/** As the setting allowOwnHosts does. */
function allowOwnHosts({ Resources }: EditableTemplate): void {
  const [[, api] = []] = Object.entries(Resources).filter(([id]) => /^Hook0ApiFunction/.test(id));
  const { Environment } = (api as { Properties: { Environment: { Variables: Record<string, unknown> } } })
    .Properties;
  expect(Environment.Variables.HOOK0_OWN_TARGETS).toBe('refuse');
  Environment.Variables.HOOK0_OWN_TARGETS = 'allow';
}

const local = stackOfFile({ mutateTemplate: allowOwnHosts });
const { api } = local;

/** An endpoint that calls the API with the admin token. */
async function endpointAt(path: string, rest: Row): Promise<string> {
  const { id } = await api.expect(201, 'POST', '/api/endpoints', {
    ...{ name: 'loop', url: local.stack.url + path },
    headers: { authorization: `Bearer ${local.stack.adminToken}` },
    // So that a refused call is seen once, and does not stop the others.
    ...{ retryConfig: { maxAttempts: 1 }, circuitBreaker: { enabled: false } },
    ...rest,
  });
  return String(id);
}

async function all(path: string): Promise<readonly Row[]> {
  const found: Row[] = [];
  let cursor = '';
  do {
    const page = await api.expect(200, 'GET', `${path}limit=100${cursor && `&cursor=${cursor}`}`);
    found.push(...(page.data as Row[]));
    cursor = String(page.nextCursor ?? '');
  } while (cursor !== '');
  return found;
}

const attemptsOf = ({ attempts }: Row): readonly Row[] => attempts as readonly Row[];

describe('a loop', () => {
  it('of events whose payloads are events ends after five hops', async () => {
    const type = 'loop.posted';
    const endpoints = await Promise.all([1, 2].map(() => endpointAt('/api/events', { events: [type] })));
    let event: Row = { type, payload: {} };
    for (let level = 0; level < 3 * mostHops; level += 1) event = { type, payload: event };
    await api.expect(202, 'POST', '/api/events', event);

    // Each event is delivered twice. The deliveries of the fifth generation are refused.
    const eventsMade = 2 ** (mostHops + 1) - 1;
    const refusedAtLast = 2 ** (mostHops + 1);
    const refused = await waitFor('the refused deliveries', async () => {
      const each = endpoints.map((id) => all(`/api/dead-letters?endpointId=${id}&`));
      const dead = (await Promise.all(each)).flat();
      return dead.length >= refusedAtLast && dead;
    });
    expect(refused.map((one) => [attemptsOf(one).length, attemptsOf(one)[0]?.statusCode])).toEqual(
      Array(refusedAtLast).fill([1, 508]),
    );
    const deliveries = (
      await Promise.all(endpoints.map((id) => all(`/api/endpoints/${id}/deliveries?`)))
    ).flat();
    expect(deliveries).toHaveLength(2 * eventsMade);
    expect(deliveries.filter(({ status }) => status === 'succeeded')).toHaveLength(eventsMade - 1);
    expect(await all(`/api/events?type=${type}&`)).toHaveLength(eventsMade);
  });

  it('of events that replay each other ends after five hops', async () => {
    const types = ['loop.first', 'loop.second'] as const;
    const [first, second] = await Promise.all([
      endpointAt('/health', { events: [types[0]] }),
      endpointAt('/health', { events: [types[1]] }),
    ]);
    const post = async (type: string, endpointId: string) =>
      String(
        (await api.expect(202, 'POST', '/api/events', { type, payload: { endpointIds: [endpointId] } }))
          .eventId,
      );
    const [firstEvent, secondEvent] = [await post(types[0], second), await post(types[1], first)];
    const generations = async () => {
      const found = await Promise.all([first, second].map((id) => all(`/api/endpoints/${id}/deliveries?`)));
      return found.flat();
    };
    // The page of the API refuses a POST.
    await waitFor(
      'both deliveries to end',
      async () => (await generations()).filter(({ status }) => status === 'dead').length === 2,
    );
    const replay = (eventId: string) => `${local.stack.url}/api/events/${eventId}/replay`;
    await api.expect(200, 'PATCH', `/api/endpoints/${first}`, { url: replay(secondEvent) });
    await api.expect(200, 'PATCH', `/api/endpoints/${second}`, { url: replay(firstEvent) });

    await api.expect(202, 'POST', `/api/events/${firstEvent}/replay`, { endpointIds: [first] });
    const ended = await waitFor('a refused replay', async () => {
      const found = await generations();
      const isRefused = found.some((one) => attemptsOf(one).some(({ statusCode }) => statusCode === 508));
      return isRefused && found;
    });
    // One replay by hand, five by webhooks: the sixth is refused.
    expect(ended.reduce((sum, { generation }) => sum + Number(generation) - 1, 0)).toBe(mostHops + 1);
    const made = ended.flatMap(attemptsOf).filter(({ generation }) => Number(generation) > 1);
    expect(made.map(({ statusCode }) => statusCode).sort()).toEqual([...Array(mostHops).fill(202), 508]);
  });

  it.each(['retry', 'redrive', 'recover'] as const)('through %s carries the hops on', async (how) => {
    const type = `loop.${how}`;
    const endpointId = await endpointAt('/health', { events: [type] });
    const { eventId } = await api.expect(202, 'POST', '/api/events', { type, payload: {} });
    const path = `/api/deliveries/${deliveryId(endpointId, String(eventId))}`;
    const delivery = () => api.expect(200, 'GET', path);
    await waitFor('the delivery to end', async () => (await delivery()).status === 'dead');
    const { action, body } = {
      retry: { action: `${path}/retry`, body: undefined },
      redrive: { action: '/api/dead-letters/redrive', body: { endpointId } },
      recover: {
        action: `/api/endpoints/${endpointId}/recover`,
        body: { since: new Date(0).toISOString() },
      },
    }[how];
    expect((await api.call('POST', action, body, { 'x-hook0-hops': '6' })).status).toBe(508);
    // It posts to the API, which refuses what five webhooks led to and this one.
    await api.expect(200, 'PATCH', `/api/endpoints/${endpointId}`, { url: `${local.stack.url}/api/events` });
    expect((await api.call('POST', action, body, { 'x-hook0-hops': '5; deployment="other"' })).status).toBe(
      202,
    );
    const ended = await waitFor('the next attempt', async () => {
      const standing = await delivery();
      return standing.generation === 2 && standing.status === 'dead' && standing;
    });
    expect(attemptsOf(ended).at(-1)?.statusCode).toBe(508);
  });
});
