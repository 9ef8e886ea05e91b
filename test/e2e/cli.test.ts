import { describe, expect, it } from 'vitest';
import { memoryProfiles, runHook0 } from '#test/support/cli.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

const local = stackOfFile();

const environment = () => ({ HOOK0_URL: local.stack.url, HOOK0_TOKEN: local.stack.adminToken });
const hook0 = (...args: readonly string[]) => runHook0(args, { env: environment() });

/** What a command prints when it succeeds. */
async function printed(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await hook0(...args);
  if (code !== 0) throw new Error(`hook0 ${args.join(' ')} ended with ${code}: ${out}${err}`);
  return out;
}

/** What a command prints for programs: one value for each line. */
async function values(...args: readonly string[]) {
  const lines = (await printed(...args, '--json')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
}

async function endpoint(url: string, type: string, data: object = {}): Promise<string> {
  const more = ['--events', type, '--data', JSON.stringify(data)];
  return (await values('endpoints', 'create', url, ...more))[0].id;
}

const once = { retryConfig: { maxAttempts: 1 }, circuitBreaker: { enabled: false } };

describe('an operator who has only hook0 --help', () => {
  it('finds a dead letter and its cause, and redrives it', async () => {
    let status = 503;
    const receiver = await testReceiver(() => ({ status, body: 'the stock is closed' }));
    await endpoint(receiver.url, 'cli.dead', once);
    const [{ eventId }] = await values('send', 'cli.dead', '{"n":1}');
    const help = await printed('--help');
    const commands = [...help.matchAll(/^ {2}\$ hook0 (.*)$/gm)].map(([, line = '']) => line.split(' '));
    const [list = [], get = [], redrive = []] = commands;
    expect(list.join(' ')).toBe('dead-letters list');
    const [, id = ''] = await waitFor(
      'a dead letter',
      async () => /(dlv_\w+)/.exec(await printed(...list)) ?? undefined,
    );
    const withId = (command: readonly string[]) => command.map((word) => (word === '<id>' ? id : word));

    expect(await printed(...list)).toMatch(/exhausted +HTTP 503/);
    const cause = await printed(...withId(get));
    expect(cause).toContain('dead (exhausted)');
    expect(cause).toContain('the stock is closed');

    status = 200;
    expect(await printed(...withId(redrive))).toMatch(
      /Status +completed\nProgress +1 of 1 checked, 1 started/,
    );
    await waitFor('the delivery', async () =>
      (await printed('events', 'get', eventId)).includes('succeeded'),
    );
    expect((await printed(...list)).includes(id)).toBe(false);
  });
});

describe('endpoints', () => {
  it('say what happens to their deliveries, not only what was set', async () => {
    const receiver = await testReceiver(() => ({ status: 500 }));
    const id = await endpoint(receiver.url, 'cli.status', {
      retryConfig: { maxAttempts: 1 },
      circuitBreaker: { threshold: 2, timeout: 600_000 },
    });
    const status = async () => /Status +(.+)/.exec(await printed('endpoints', 'get', id))?.[1];
    expect(await status()).toBe('active');
    await printed('send', 'cli.status', '1');
    await waitFor('a failure', async () => (await status()) === 'failing (1 in a row)');
    await printed('send', 'cli.status', '2');
    await waitFor('an open circuit', async () =>
      /^circuit open, probe in \d+ m$/.test(String(await status())),
    );
    expect(await printed('endpoints', 'list')).toMatch(new RegExp(`^${id} +circuit open, probe in`, 'm'));
    expect(await printed('endpoints', 'circuit', id)).toMatch(/State +circuit open/);
    expect(await printed('endpoints', 'circuit', id, '--reset')).toMatch(/State +closed/);

    expect(await printed('endpoints', 'pause', id)).toBe(`${id} is paused\n`);
    expect(await printed('endpoints', 'resume', id)).toBe(`${id} is active\n`);
    expect(await printed('endpoints', 'disable', id)).toContain(`${id} is disabled`);
    expect(await printed('endpoints', 'enable', id)).toBe(`${id} is active\n`);
    expect(await printed('endpoints', 'stats', id)).toMatch(/Deliveries +\d+ succeeded/);
    expect(await printed('stats', '--since', '1h')).toMatch(/^Events +\d+\nFrom +20/);

    const failed = await hook0('endpoints', 'test', id);
    expect(failed).toMatchObject({ code: 1, out: expect.stringMatching(/Result +failed\nAnswer +HTTP 500/) });
  });

  it('are created, changed and deleted', async () => {
    const receiver = await testReceiver();
    const created = await printed(
      ...[
        'endpoints',
        'create',
        receiver.url,
        '--events',
        'cli.a,cli.b',
        '--events',
        'cli.c',
        '--name',
        'Shop',
      ],
      ...['--header', 'X-Tenant: acme', '--timeout', '5s', '--rate-limit', '50', '--priority', 'high'],
      ...['--filter', '{"conditions":[{"field":"payload.n","operator":"gt","value":1}]}'],
    );
    expect(created).toMatch(/Events +cli.a, cli.b, cli.c\nFilters .*\nTimeout +5 s\nPriority +high/);
    expect(created).toMatch(/Rate limit +50 a second\nHeaders +\{"x-tenant":"acme"\}/i);
    const [, id = ''] = /(ep_\w+)/.exec(created) ?? [];
    expect(
      await printed('endpoints', 'update', id, '--url', `${receiver.url}/2`, '--data', '{"filters":null}'),
    ).toMatch(/\/2\n(?!.*Filters)/s);
    expect((await hook0('endpoints', 'test', id, '--payload', '{"n":1.5}')).code).toBe(0);
    expect(receiver.requests[0]?.body.toString()).toBe('{"n":1.5}');
    const secret = await printed('endpoints', 'secret', id);
    expect(secret).toMatch(/^whsec_\S+\n$/);
    const rotated = await printed('endpoints', 'rotate-secret', id, '--overlap', '1h');
    expect(rotated).toMatch(/^whsec_\S+\n$/);
    expect(rotated).not.toBe(secret);
    await printed('endpoints', 'delete', id, '--yes');
    expect(await hook0('endpoints', 'get', id)).toMatchObject({
      code: 1,
      err: expect.stringContaining('404 not_found'),
    });
  });
});

describe('events and deliveries', () => {
  it('say what became of an event, and deliver it again', async () => {
    let status = 400;
    const receiver = await testReceiver(() => ({ status }));
    const endpointId = await endpoint(receiver.url, 'cli.event');
    const [{ eventId }] = await values('send', 'cli.event', '{"n":1}', '--tag', 'urgent', '--source', 'shop');
    const shown = () => printed('events', 'get', eventId);
    await waitFor('the delivery', async () => /Deliveries +1 dead/.test(await shown()));
    expect(await shown()).toMatch(/Type +cli.event\nSource +shop\nTags +urgent/);
    expect(await shown()).toMatch(/dlv_\w+ +ep_\w+ +dead \(refused\) +1 +HTTP 400/);
    expect(await printed('events', 'list', '--tag', 'urgent', '--since', '1h')).toContain(eventId);
    expect(await printed('events', 'list', '--type', 'cli.other')).toBe('');
    for (const of of [
      ['--event', eventId],
      ['--endpoint', endpointId],
    ]) {
      expect(
        (await values('deliveries', 'list', ...of, '--status', 'dead')).map((one) => one.eventId),
      ).toEqual([eventId]);
      expect(await values('deliveries', 'list', ...of, '--status', 'succeeded')).toEqual([]);
    }

    status = 200;
    expect(await printed('events', 'replay', eventId, '--dry-run')).toContain('1 would start');
    expect((await values('events', 'replay', eventId, '--endpoint', endpointId))[0]).toMatchObject({
      status: 'completed',
      started: 1,
    });
    await waitFor('the delivery', async () => /Deliveries +1 succeeded/.test(await shown()));
    const [{ id: deliveryId }] = await values('deliveries', 'list', '--event', eventId);
    expect(await printed('deliveries', 'get', deliveryId)).toMatch(/1 \(run 2\) .*HTTP 200/);
    expect((await hook0('deliveries', 'retry', deliveryId)).code).toBe(1);
    const [none] = await values('send', 'cli.nobody', '1');
    expect(await printed('events', 'get', none.eventId)).toMatch(
      /Deliveries +none, because no endpoint subscribed/,
    );
    expect((await hook0('events', 'get', none.eventId)).err).toBe(
      `hook0 events explain ${none.eventId} says why\n`,
    );
    expect(await printed('events', 'explain', eventId, '--endpoint', endpointId)).toMatch(
      /^ep_\w+ +\S+ +matched/m,
    );
    const why = await printed('events', 'explain', none.eventId, '--endpoint', endpointId);
    expect(why).toMatch(/^ep_\w+ +\S+ +event_type +.*cli\.event/m);
    await printed('events', 'delete', none.eventId);

    expect(await printed('endpoints', 'recover', endpointId, '--since', '1h', '--dry-run')).toContain(
      'completed',
    );
    const [task] = await values('tasks', 'list', '-n', '1');
    expect(await printed('tasks', 'get', task.id, '--wait')).toMatch(/Type +recover \(dry run/);
    expect((await hook0('tasks', 'cancel', task.id)).code).toBe(1);
  });
});

describe('event types, applications and tokens', () => {
  it('are managed', async () => {
    const schema = '{"type":"object","required":["id"]}';
    expect(
      await printed('event-types', 'create', 'cli.typed', '--schema', schema, '--example', '{"id":1}'),
    ).toMatch(/Status +active\n.*"required":\["id"\]/s);
    expect(await hook0('send', 'cli.typed', '{}')).toMatchObject({
      code: 1,
      err: expect.stringContaining('422'),
    });
    expect(await printed('event-types', 'update', 'cli.typed', '--archive')).toMatch(/Status +archived/);
    expect(await printed('event-types', 'list')).toMatch(/^cli.typed +archived +yes/m);
    expect(await printed('event-types', 'update', 'cli.typed', '--no-archive')).toMatch(/Status +active/);
    await printed('event-types', 'delete', 'cli.typed', '--yes');

    await printed('applications', 'create', 'Acme', '--id', 'acme');
    const changed = await printed(
      'applications',
      'update',
      'acme',
      '--limits',
      '{"endpoints":7}',
      '--name',
      'Acme Inc',
    );
    expect(changed).toMatch(/Name +Acme Inc\nLimits +\{"endpoints":7/);
    const portal = await hook0(
      'applications',
      'portal-token',
      'acme',
      '--capability',
      'events:read',
      '--expires-in',
      '5m',
    );
    expect(portal).toMatchObject({
      out: expect.stringMatching(/^hk0_\w{36}\n$/),
      err: expect.stringMatching(/^it may events:read until 20/),
    });
    expect((await hook0('applications', 'portal-token', 'acme', '--capability', 'all')).err).toContain(
      'endpoints:read',
    );
    expect(await printed('applications', 'list')).toMatch(/^acme +Acme/m);
    const token = (
      await printed('tokens', 'create', 'shop', '--scope', 'ingest', '--of', 'acme', '--expires-in', '1d')
    ).trim();
    expect(await printed('tokens', 'list', '--of', 'acme')).toMatch(/^tok_\w+ +shop +ingest +acme +never/m);
    const env = { ...environment(), HOOK0_TOKEN: token };
    expect((await runHook0(['send', 'a', '1'], { env })).code).toBe(0);
    expect(await runHook0(['endpoints', 'list'], { env })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/403 scope_missing.*\nhint: use a token with the scope read/),
    });
    const { id } = (await values('tokens', 'list', '--of', 'acme')).find(({ name }) => name === 'shop');
    const slow = ['--rate-limit', '5', '--expires-in', '2d', '--of', 'acme'];
    expect(await printed('tokens', 'update', id, ...slow)).toMatch(/Rate limit +5 events a second/);
    expect((await hook0('tokens', 'update', id)).code).toBe(2);
    await printed('tokens', 'revoke', id, '--of', 'acme', '--yes');
    await printed('applications', 'delete', 'acme', '--everything', '--yes');
  });
});

describe('a person who logs in', () => {
  it('has a profile from then on, and sees whose token it is', async () => {
    const profiles = memoryProfiles();
    const { token } = (await values('tokens', 'create', 'laptop', '--scope', 'ingest'))[0];
    const login = ['login', '--profile', 'here', '--api-url', local.stack.url, '--token-stdin'];
    const wrong = await runHook0(login, { profiles, files: { '-': 'hk0_wrong\n' } });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('401 token_invalid') });
    expect(profiles.read()).toBeUndefined();

    const done = await runHook0(login, { profiles, files: { '-': `${token}\n` } });
    expect(done).toMatchObject({ code: 0, err: 'saved as the profile here in profiles.json\n' });
    expect((await runHook0(['send', 'cli.login', '1'], { profiles })).code).toBe(0);
    const who = await runHook0(['whoami'], { profiles });
    expect(who.out).toMatch(
      /From +the profile here\nToken +tok_\w+\nName +laptop\nMay +ingest\nApplication +default/,
    );
    expect(who.out + done.out).not.toContain(token);
    expect((await hook0('whoami')).out).toMatch(/From +HOOK0_TOKEN\n.*May +admin\nApplication +all/s);
    const asked = await runHook0(['login', '--api-url', local.stack.url], { profiles, answer: token });
    expect(asked.err).toContain('saved as the profile default');
  });
});

describe('without an API', () => {
  it('says that the token is wrong, and what to do', async () => {
    const env = { ...environment(), HOOK0_TOKEN: 'hk0_wrong' };
    expect(await runHook0(['endpoints', 'list'], { env })).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^error: .*401 token_invalid.*\nhint: log in again with hook0 login/),
    });
  });

  it('says that there is no answer', async () => {
    const env = { HOOK0_URL: 'http://127.0.0.1:1', HOOK0_TOKEN: 'hk0_x' };
    const closed = { HOOK0_URL: await closedPort(), HOOK0_TOKEN: 'hk0_x' };
    expect(await runHook0(['endpoints', 'list'], { env })).toMatchObject({
      code: 1,
      err: expect.stringContaining('port'),
    });
    expect(await runHook0(['endpoints', 'list'], { env: closed })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/no answer after 4 attempts: .*ECONNREFUSED.*\nhint: hook0 doctor checks/),
    });
  });
});

/** The address of a server that has stopped. */
async function closedPort(): Promise<string> {
  const receiver = await testReceiver();
  await receiver.stop();
  return new URL(receiver.url).origin;
}
