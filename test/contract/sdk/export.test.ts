import { describe, expect, it } from 'vitest';
import { planConvoy } from '#sdk/src/import/convoy.ts';
import { planHook0 } from '#sdk/src/import/hook0.ts';
import { planSvix } from '#sdk/src/import/svix.ts';
import { runHook0 } from '#test/support/cli.ts';
import { type ScriptedAnswer, scriptedApi } from '#test/support/scripted-api.ts';

/** More endpoints than any of the systems answers at once, and than the arguments of a process hold. */
const count = 1_000;
const missing: ScriptedAnswer = { status: 404 };
const found = (body: unknown): ScriptedAnswer => ({ status: 200, body });
const urlOf = (n: number) => `https://receiver${n}.example.com/hooks`;
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, Math.min(to, count) - from) }, (_, n) => from + n);

function svix(path: string, query: URLSearchParams): ScriptedAnswer {
  const part = /^\/api\/v1\/app\/app_1\/endpoint\/ep_(\d+)\/(\w+)$/.exec(path);
  if (part?.[2] === 'secret')
    return found({ key: `whsec_${Buffer.from(`secret ${part[1]}`).toString('base64')}` });
  if (part?.[2] === 'headers') return found({ headers: { 'x-n': part[1] }, sensitive: [] });
  // A deployment of one's own has no transformations.
  if (part?.[2] === 'transformation') return missing;
  if (path === '/api/v1/event-type') return found({ data: [{ name: 'order.paid' }], done: true });
  if (path !== '/api/v1/app/app_1/endpoint') return missing;
  const from = Number(query.get('iterator') ?? 0);
  const to = from + Number(query.get('limit'));
  const data = range(from, to).map((n) => ({ id: `ep_${n}`, url: urlOf(n), filterTypes: ['order.paid'] }));
  return found({ data, iterator: String(to), done: to >= count });
}

function convoy(path: string, query: URLSearchParams): ScriptedAnswer {
  const rest = path.replace('/api/v1/projects/p1', '');
  if (rest === '') return found({ data: { uid: 'p1', config: {} } });
  if (rest === '/event-types') return found({ data: [{ name: 'order.paid' }] });
  if (/^\/subscriptions\/sub\d+\/filters$/.test(rest)) {
    return found({ data: [{ event_type: 'order.paid', body: { paid: true } }] });
  }
  const from = Number(query.get('next_page_cursor') ?? 0);
  const to = from + Number(query.get('perPage'));
  const content = range(from, to).map((n) =>
    rest === '/endpoints'
      ? { uid: `ep${n}`, url: urlOf(n), secrets: [{ value: `secret ${n}` }] }
      : {
          uid: `sub${n}`,
          endpoint_metadata: { uid: `ep${n}` },
          filter_config: { event_types: ['order.paid'] },
        },
  );
  const pagination = { has_next_page: to < count, next_page_cursor: String(to) };
  return rest === '/endpoints' || rest === '/subscriptions'
    ? found({ data: { content, pagination } })
    : missing;
}

function hook0(path: string): ScriptedAnswer {
  if (path === '/api/v1/event_types') return found([{ event_type_name: 'shop.order.paid' }]);
  if (path !== '/api/v1/subscriptions') return missing;
  return found(
    range(0, count).map((n) => ({
      ...{ subscription_id: `s${n}`, event_types: ['shop.order.paid'], secret: `secret ${n}` },
      ...{ is_enabled: true, target: { type: 'http', method: 'POST', url: urlOf(n) }, labels: {} },
    })),
  );
}

const systems = {
  svix: { id: 'app_1', token: 'SVIX_TOKEN', api: svix, plan: planSvix },
  convoy: { id: 'p1', token: 'CONVOY_TOKEN', api: convoy, plan: planConvoy },
  hook0: { id: 'app1', token: 'HOOK0_ORIGINAL_TOKEN', api: hook0, plan: planHook0 },
} as const;

type Api = (path: string, query: URLSearchParams) => ScriptedAnswer;

async function exported(from: keyof typeof systems, api: Api = systems[from].api) {
  const { id, token } = systems[from];
  const server = await scriptedApi((request) => {
    const url = new URL(request.url ?? '', 'http://127.0.0.1');
    return api(url.pathname, url.searchParams);
  });
  const run = await runHook0(['export', '--from', from, '--id', id, '--url', server.env.HOOK0_URL], {
    env: { [token]: 'their-token' },
  });
  return { ...run, requests: server.requests };
}

describe.each(['svix', 'convoy', 'hook0'] as const)('hook0 export --from %s', (from) => {
  it(`reads all ${count} endpoints with what decides about their deliveries`, async () => {
    const { code, out, err, requests } = await exported(from);
    expect(err).toBe('');
    expect(code).toBe(0);
    const plan = systems[from].plan(JSON.parse(out));
    expect(plan.endpoints).toHaveLength(count);
    expect(plan.endpoints.filter(({ disabled }) => disabled)).toEqual([]);
    expect(new Set(plan.endpoints.map(({ endpoint }) => endpoint.security?.secret)).size).toBe(count);
    expect(plan.eventTypes).toHaveLength(1);
    expect(requests.every(({ headers }) => headers.authorization === 'Bearer their-token')).toBe(true);
  });

  it('waits while it is told to, and ends with an error after some attempts', async () => {
    let refused = 0;
    const busy = await exported(from, (path, query) => {
      refused += 1;
      return refused <= 3 ? { status: 429 } : systems[from].api(path, query);
    });
    expect(busy.code).toBe(0);
    const broken = await exported(from, () => ({ status: 503 }));
    expect(broken).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/GET .*: received 503/) });
    expect(broken.requests).toHaveLength(6);
  });

  it.each([
    ['a wrong token', { status: 401, body: 'their-token is wrong' }, /received 401/],
    ['a wrong id', { status: 404 }, /received 404; are --url and --id right\?/],
    ['a page of HTML', { status: 200, body: '<html>', type: 'text/html' }, /received 200 without valid JSON/],
  ])('says that it met %s, without what was answered', async (_, answer, message) => {
    const { code, out, err } = await exported(from, () => answer);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err).not.toContain('their-token');
  });
});

describe('hook0 export', () => {
  it('stops when pages repeat', async () => {
    const { code, err } = await exported('svix', () => found({ data: [], iterator: 'same', done: false }));
    expect(code).toBe(1);
    expect(err).toContain('the same page was announced twice');
  });

  it.each([
    [['--from', 'svix', '--id', 'app_1'], 'set SVIX_TOKEN'],
    [['--from', 'convoy', '--id', 'p1'], '--url is missing'],
    [['--from', 'svix', '--id', 'app_1', '--url', 'svix'], '--url must be a URL such as https://…, got svix'],
    [['--from', 'svix'], "required option '--id <id>' not specified"],
  ])('%j says what is missing', async (args, message) => {
    const { code, err } = await runHook0(['export', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
