import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyWebhook } from '#sdk/src/webhooks/verify.ts';
import { runHook0 } from '#test/support/cli.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';
import { waitFor } from '#test/support/wait.ts';

// The commands for people who write a receiver.

const local = stackOfFile();
const environment = () => ({ HOOK0_URL: local.stack.url, HOOK0_TOKEN: local.stack.adminToken });
const hook0 = (...args: readonly string[]) => runHook0(args, { env: environment() });

/** A command that runs until `stop`, which is Ctrl-C. */
function running(...args: readonly string[]) {
  const controller = new AbortController();
  let output = '';
  const ended = runHook0(args, {
    env: environment(),
    interrupted: controller.signal,
    onOutput: (text) => {
      output += text;
    },
  });
  const stop = () => {
    controller.abort();
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  const says = (what: RegExp) => waitFor(`${what} in ${output}`, async () => what.exec(output) ?? undefined);
  return { says, stop };
}

const temporary = async () =>
  (await local.client.endpoints.list()).data.filter(({ name }) => name === 'hook0 listen');

describe.each([
  ['directly', []],
  ['by polling', ['--poll']],
])('hook0 listen, %s', (_, options) => {
  it('verifies each webhook, forwards it as it was signed, shows the answer, and cleans up', async () => {
    const receiver = await testReceiver(() => ({ status: 202, body: 'thank you' }));
    const type = `listen.${options.length}`;
    const { says, stop } = running('listen', '--forward', receiver.url, '--events', type, ...options);
    const [, secret = ''] = await says(/secret of the temporary endpoint: (\S+)/);
    const { eventId } = await local.client.sendEvent({
      type,
      payloadJson: '{"n": 1.0, "b": 12345678901234567890}',
    });
    await says(
      new RegExp(`${eventId} ${type} verified\\n +\\{"n": 1.0.*\\n +HTTP 202 in \\d+ m?s\\n +thank you`),
    );
    const [{ body, headers }] = (await receiver.until((all) => all.length > 0)) as [
      (typeof receiver.requests)[0],
    ];
    expect(body.toString()).toBe('{"n": 1.0, "b": 12345678901234567890}');
    expect(verifyWebhook({ headers, body, secret }).id).toBe(eventId);
    expect(headers).toMatchObject({ 'x-hook0-event-type': type, 'content-type': 'application/json' });
    expect(await temporary()).toHaveLength(1);
    const { code, err } = await stop();
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(/the temporary endpoint ep_\w+ is removed\n$/),
    });
    expect(await temporary()).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
  });
});

describe('hook0 listen', () => {
  it('shows that the receiver does not answer, and passes it on', async () => {
    const gone = await testReceiver();
    await gone.stop();
    const { says } = running('listen', '--forward', gone.url, '--events', 'listen.gone');
    await says(/ready/);
    const { eventId } = await local.client.sendEvent({ type: 'listen.gone', payload: 1 });
    await says(/no answer: .*ECONNREFUSED/);
    const dead = await waitFor('the delivery', async () => {
      const { deliveries } = await local.client.events.get(eventId);
      return deliveries[0]?.status === 'dead' && deliveries[0];
    });
    expect(dead.attempts).toMatchObject([{ statusCode: 502 }]);
  });

  it('prints one JSON document for each webhook', async () => {
    const { says } = running('listen', '--events', 'listen.json', '--json');
    await says(/ready/);
    const { eventId } = await local.client.sendEvent({ type: 'listen.json', payload: { n: 1 } });
    const [line] = await says(/^\{.*\}$/m);
    expect(JSON.parse(line)).toEqual({ id: eventId, type: 'listen.json', verified: true, payload: { n: 1 } });
  });
});

describe('hook0 tail', () => {
  it('shows each event and each change of its deliveries', async () => {
    let status = 500;
    const receiver = await testReceiver(() => ({ status }));
    await local.client.endpoints.create({
      ...{ name: 'tail', url: receiver.url, events: ['tail.a'], circuitBreaker: { enabled: false } },
      retryConfig: { strategy: 'custom', schedule: [1_000, 1_000, 1_000, 1_000] },
    });
    const { says, stop } = running('tail', '--type', 'tail.a');
    await says(/waiting for events of the type tail.a/);
    await local.client.sendEvent({ type: 'tail.other', payload: 1 });
    const { eventId } = await local.client.sendEvent({ type: 'tail.a', payload: 1 });
    await says(new RegExp(`event +${eventId} tail.a to 1 endpoint$`, 'm'));
    await says(new RegExp(`delivery +${eventId} tail.a to ep_\\w+ (retrying|held).* HTTP 500`));
    status = 200;
    await says(/succeeded HTTP 200.*attempt \d/);
    const { code, out } = await stop();
    expect(code).toBe(0);
    expect(out).not.toContain('tail.other');
    expect(out.match(/ event /g)).toHaveLength(1);
  });
});

describe('hook0 trigger', () => {
  it('posts the example of a type, or a payload that its schema accepts', async () => {
    const money = {
      type: 'object',
      required: ['amount'],
      properties: { amount: { type: 'number', minimum: 1 } },
    };
    const schema = {
      ...{ type: 'object', required: ['id', 'total'], additionalProperties: false },
      properties: {
        id: { type: 'string', minLength: 12 },
        total: { $ref: '#/$defs/Money' },
        at: { type: 'string', format: 'date-time' },
      },
      $defs: { Money: money },
    };
    await local.client.eventTypes.create({ name: 'trigger.made', schema });
    expect((await hook0('trigger', 'trigger.made')).out).toMatch(/^evt_\w+ goes to 0 endpoints\n$/);
    const made = JSON.parse((await hook0('trigger', 'trigger.made', '--dry-run')).out);
    expect(made).toEqual({ id: 'exampleeeeee', total: { amount: 1 }, at: expect.any(String) });
    await local.client.eventTypes.update('trigger.made', {
      example: { id: 'ORD-123456789', total: { amount: 5 } },
    });
    expect((await hook0('trigger', 'trigger.made')).err).toBe(
      'payload: {"id":"ORD-123456789","total":{"amount":5}}\n',
    );
  });

  it('says what to do when it cannot', async () => {
    const schema = {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string', pattern: '^ORD-\\d+$' } },
    };
    await local.client.eventTypes.create({ name: 'trigger.pattern', schema });
    expect(await hook0('trigger', 'trigger.pattern')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--example @example.json'),
    });
    expect(await hook0('trigger', 'trigger.patern')).toMatchObject({
      code: 1,
      err: expect.stringContaining('did you mean trigger.pattern?'),
    });
    expect((await hook0('trigger', 'nothing.like_it')).err).toContain(
      'register it with hook0 event-types create',
    );
  });
});

describe('hook0 verify and hook0 sign', () => {
  it('read the secret of an endpoint', async () => {
    const receiver = await testReceiver();
    const { id } = await local.client.endpoints.create({
      name: 'sign',
      url: receiver.url,
      events: ['sign.none'],
    });
    const sent = await hook0('sign', '{"n": 1.0}', '--endpoint', id, '--to', receiver.url);
    expect(sent).toMatchObject({ code: 0, out: expect.stringMatching(/^HTTP 200 in/) });
    const { secret } = await local.client.endpoints.secret(id);
    const [request] = receiver.requests;
    expect(
      verifyWebhook({ headers: request?.headers ?? {}, body: request?.body ?? '', secret }).payload,
    ).toEqual({ n: 1 });
    const { out } = await hook0('sign', '1', '--endpoint', id);
    const files = { 'request.txt': out };
    const verified = await runHook0(['verify', 'request.txt', '--endpoint', id], {
      env: environment(),
      files,
    });
    expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/^Authentic +yes/) });
  });
});

describe('hook0 events get', () => {
  it('shows a payload as receivers get it, with every digit, in one line', async () => {
    const sent = await hook0('send', 'cli.digits', '{"big":12345678901234567890,\n"d":1.0}', '--json');
    const { eventId } = JSON.parse(sent.out);
    expect((await hook0('events', 'get', eventId)).out).toContain('{"big":12345678901234567890, "d":1.0}');
    const json = (await hook0('events', 'get', eventId, '--json')).out;
    expect(json).toMatch(/^\{"payload":\{"big":12345678901234567890, "d":1\.0\},"id":"evt_.*\}\n$/);
    expect(JSON.parse(json)).toMatchObject({ id: eventId, deliveries: [], nextCursor: null });
  });
});
