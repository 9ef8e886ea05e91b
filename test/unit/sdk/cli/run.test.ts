import { describe, expect, it } from 'vitest';
import packageJson from '#sdk/package.json' with { type: 'json' };
import { runHook0 as run } from '#test/support/cli.ts';
import { scriptedApi } from '#test/support/scripted-api.ts';
import { exampleBody } from '#test/support/scripted-client.ts';

const accepted = { status: 202, body: { success: true, eventId: 'evt_1', webhookCount: 1 } };

describe('the command hook0', () => {
  it.each([['--help'], ['-h'], ['help']])('prints its commands with %s', async (arg) => {
    const { code, out, err } = await run([arg]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const command of ['send', 'events', 'endpoints', 'deliveries', 'dead-letters', 'import']) {
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });

  it.each([['--version'], ['-v']])('prints its version with %s', async (arg) => {
    expect(await run([arg])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: '' });
  });

  it('has examples and the options of every command in the help of a command', async () => {
    const { code, out } = await run(['help', 'dead-letters', 'redrive'].slice(1).concat('--help'));
    expect(code).toBe(0);
    expect(out).toContain('$ hook0 dead-letters redrive --endpoint ep_01h… --dry-run');
    expect(out).toContain('--json');
  });

  it.each([
    [[], 'Usage: hook0'],
    [['endpoints'], 'Usage: hook0 endpoints'],
    [['sned', 'a', '1'], "unknown command 'sned'\n(Did you mean send?)"],
    [['endpoints', 'craete'], "unknown command 'craete'\n(Did you mean create?)"],
    [['send', 'a', '1', '--tga', 'x'], "unknown option '--tga'\n(Did you mean --tag?)"],
    [['send'], "missing required argument 'type'"],
    [['send', 'a'], "missing required argument 'payload'"],
    [['send', 'a', '1', 'b'], 'too many arguments'],
    [['send', 'a', '1', '--delay', '10'], 'Expected a duration, such as 500ms'],
    [['send', 'a', '1', '--priority', 'urgent'], 'Allowed choices are high, normal, low'],
    [['events', 'list', '--since', 'yesterday'], 'Expected a time such as'],
    [['events', 'list', '--limit', '0'], 'Expected a whole number above 0'],
    [
      ['events', 'list', '--limit', '5', '--all'],
      "'--all' cannot be used with option '-n, --limit <number>'",
    ],
    [['deliveries', 'list'], 'say whose deliveries: --endpoint ID or --event ID'],
    [['dead-letters', 'redrive'], 'say which dead letters: their ids, --endpoint ID, or --all'],
    [
      ['dead-letters', 'redrive', '--all', 'dlv_1'],
      'say which dead letters: their ids, --endpoint ID, or --all',
    ],
    [['endpoints', 'create', 'https://a.example.com'], '--events is missing'],
    [
      ['endpoints', 'create', 'https://a.example.com', '--events', 'a', '--header', 'x'],
      "expected 'Name: value'",
    ],
    [['endpoints', 'create', 'https://a.example.com', '--filter', '[]'], '--filter is not a JSON object'],
    [['endpoints', 'update', 'ep_1'], 'say what to change'],
    [['tokens', 'create', 'a', '--scope', 'all'], 'expected admin, manage, ingest, read'],
    [['import', '--file', 'x'], "required option '--from <system>' not specified"],
    [['import', '--from', 'svx', '--file', 'x'], 'Allowed choices are svix, convoy, hook0'],
    [['endpoints', 'list'], 'set HOOK0_URL and HOOK0_TOKEN'],
    [['endpoints', 'list', '--api-url', 'https://a.example.com'], 'a token is missing'],
    [['send', 'a', '{1}'], 'the payload is not JSON: '],
  ])('exits with 2 for %j and says what is wrong', async (args, message) => {
    const { code, out, err } = await run(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('names the help of the command whose usage was wrong', async () => {
    expect((await run(['events', 'get'])).err).toContain('Run hook0 events get --help');
  });

  it('posts an event with an unchanged payload', async () => {
    const { requests, env } = await scriptedApi(() => accepted);
    const send = ['send', 'order.created', '{"n":1.0}', '--tag', 'a', '--tag', 'b', '--source', 'shop'];
    expect(await run([...send, '--delay', '10s', '--idempotency-key', 'k'], { env })).toEqual({
      code: 0,
      out: 'evt_1 goes to 1 endpoint\n',
      err: 'see what becomes of it: hook0 events get evt_1\n',
    });
    expect(requests).toMatchObject([
      {
        request: 'POST /api/events',
        body: '{"payload":{"n":1.0},"type":"order.created","source":"shop","options":{"delay":10000,"tags":["a","b"]}}',
        headers: { 'idempotency-key': 'k', authorization: 'Bearer hk0_test' },
      },
    ]);
  });

  it('reads a payload from a file or standard input, without a byte order mark', async () => {
    const { requests, env } = await scriptedApi(() => accepted);
    const files = {
      'order.json': '\uFEFF{"n":1.0}\n',
      '-': '{"n":2.0}\n',
      latin: Uint8Array.of(0x22, 0xe9, 0x22),
    };
    expect(await run(['send', 'a', '@order.json', '--json'], { env, files })).toEqual({
      code: 0,
      out: '{"success":true,"eventId":"evt_1","webhookCount":1}\n',
      err: '',
    });
    expect((await run(['send', 'a', '-'], { env, files })).code).toBe(0);
    expect(requests.map(({ body }) => body)).toEqual(
      ['1.0', '2.0'].map((n) => `{"payload":{"n":${n}},"type":"a","options":{}}`),
    );
    expect(await run(['send', 'a', '@latin'], { env, files })).toMatchObject({
      code: 2,
      err: 'error: the payload in latin is not UTF-8; save it as UTF-8 and try again\n',
    });
    expect(await run(['send', 'a', '@none'], { env, files })).toMatchObject({
      code: 1,
      err: 'error: none: no such file\n',
    });
    expect(requests).toHaveLength(2);
  });

  it('prints every invalid field that the API names', async () => {
    const errors = ['type', 'source'].map((field) => ({
      field,
      message: `received ${field}; accepted: another`,
    }));
    const detail = 'type: received type; accepted: another';
    const { env } = await scriptedApi(() => ({
      status: 400,
      body: { code: 'validation_failed', detail, errors },
    }));
    expect(await run(['send', 'x', '1'], { env })).toEqual({
      code: 1,
      out: '',
      err: `error: POST /api/events: 400 validation_failed: ${detail}\n    source: received source; accepted: another\n`,
    });
  });

  it('says what answered when it was not the API', async () => {
    const { env } = await scriptedApi(() => ({ status: 200, type: 'text/html', body: '<h1>Sign in</h1>' }));
    const { code, out, err } = await run(['endpoints', 'list'], { env });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('the answer does not come from the API of Hook0');
    expect(err).toContain('<h1>Sign in</h1>');
  });

  it('says when there is nothing, and prints nothing for programs', async () => {
    const { env } = await scriptedApi(() => ({ status: 200, body: { data: [], nextCursor: null } }));
    expect(await run(['dead-letters', 'list'], { env })).toEqual({
      code: 0,
      out: '',
      err: 'no dead letters\n',
    });
    expect((await run(['events', 'list', '--json'], { env })).out).toBe('');
  });

  it('shows as many as the limit, and says that there are more', async () => {
    const event = exampleBody('getEvent', 200);
    const data = ['evt_1', 'evt_2', 'evt_3'].map((id) => ({ ...event, id }));
    const { env } = await scriptedApi(() => ({ status: 200, body: { data, nextCursor: null } }));
    const ids = (text: string) => [...text.matchAll(/evt_\d/g)].map(String);
    const two = await run(['events', 'list', '-n', '2'], { env });
    expect([ids(two.out), two.err]).toEqual([
      ['evt_1', 'evt_2'],
      expect.stringMatching(/only the first 2 .*--all/),
    ]);
    const three = await run(['events', 'list', '-n', '3'], { env });
    expect([ids(three.out), three.err]).toEqual([['evt_1', 'evt_2', 'evt_3'], '']);
    expect(
      (await run(['events', 'list', '--json', '--all'], { env })).out
        .split('\n')
        .slice(0, 3)
        .map((line) => JSON.parse(line).id),
    ).toEqual(['evt_1', 'evt_2', 'evt_3']);
  });

  it('asks before it deletes', async () => {
    const { requests, env } = await scriptedApi(({ method }) =>
      method === 'DELETE' ? { status: 204 } : { status: 200, body: exampleBody('getEndpoint', 200) },
    );
    const args = ['endpoints', 'delete', 'ep_1'];
    expect(await run(args, { env })).toMatchObject({
      code: 1,
      err: expect.stringContaining('no terminal to ask: Delete ep_1'),
    });
    expect(await run(args, { env, answer: 'n' })).toMatchObject({
      code: 1,
      err: 'error: nothing was changed\n',
    });
    expect(requests.filter(({ request }) => request.startsWith('DELETE'))).toEqual([]);
    expect(await run(args, { env, answer: 'y' })).toMatchObject({ code: 0, err: 'ep_1 is deleted\n' });
    expect((await run([...args, '--yes'], { env })).code).toBe(0);
  });
});
