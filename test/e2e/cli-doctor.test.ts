import { describe, expect, it, onTestFinished } from 'vitest';
import { eventCheck } from '#sdk/src/cli/doctor/test-event.ts';
import { Shell } from '#sdk/src/cli/shell/shell.ts';
import { Hook0Client } from '#sdk/src/index.ts';
import { type CliSurroundings, runHook0, testPorts } from '#test/support/cli.ts';
import { stackOfFile, testReceiver } from '#test/support/file-stack.ts';

const local = stackOfFile();
const environment = () => ({ HOOK0_URL: local.stack.url, HOOK0_TOKEN: local.stack.adminToken });
const doctor = (around: CliSurroundings = {}) => runHook0(['doctor'], { env: environment(), ...around });
const token = async (scopes: readonly ('manage' | 'ingest')[], applicationId: string) =>
  (await local.client.tokens.create({ name: 'doctor', scopes, applicationId })).token;

async function application(id: string): Promise<void> {
  await local.client.applications.create({ id, name: id });
  onTestFinished(async () => void (await local.client.applications.delete(id, { confirm: id })));
}

describe('hook0 doctor', () => {
  it('finds that everything is well, and leaves nothing behind', async () => {
    const everything = await testReceiver();
    const { id } = await local.client.endpoints.create({ name: 'all', url: everything.url, events: ['*'] });
    const { code, out, err } = await doctor();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').map((line) => line.slice(0, 17).trim())).toEqual([
      ...['ok       address', 'ok       clock', 'ok       token', 'ok       event', ''],
    ]);
    expect(out).toMatch(/a test event was received here, after \d+ m?s/);
    const { data } = await local.client.applications.list();
    expect(data.map(({ name }) => name)).not.toContain('hook0 doctor');
    expect(everything.requests).toEqual([]);
    await local.client.endpoints.delete(id);
  });

  it('compares the clocks', async () => {
    const ahead = await doctor({ now: () => Date.now() + 120_000 });
    expect(ahead).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^failed +clock +this machine is (1|2) m ahead/m),
    });
    const behind = await doctor({ now: () => Date.now() - 20_000 });
    expect(behind).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^warning +clock +this machine is \d+ s behind/m),
    });
  });

  it('posts no event that another endpoint would get, or that the token may not post', async () => {
    await application('doctored');
    const env = { ...environment(), HOOK0_TOKEN: await token(['manage', 'ingest'], 'doctored') };
    expect((await doctor({ env })).out).toMatch(/^ok +event /m);
    const reader = { ...environment(), HOOK0_TOKEN: await token(['manage'], 'doctored') };
    expect((await doctor({ env: reader })).out).toMatch(/^skipped +event +the token may not create/m);
    const receiver = await testReceiver();
    const client = new Hook0Client({ apiUrl: local.stack.url, apiToken: env.HOOK0_TOKEN });
    const { id } = await client.endpoints.create({ name: 'all', url: receiver.url, events: ['*'] });
    expect((await doctor({ env })).out).toMatch(
      new RegExp(`^skipped +event +the endpoint ${id} would get`, 'm'),
    );
    expect(receiver.requests).toEqual([]);
  });

  it('sees that the event arrives where this machine cannot be reached', async () => {
    const shell = new Shell(
      testPorts({ env: environment() }, () => undefined),
      () => ({ color: false }),
    );
    const check = await eventCheck(await local.client.tokens.current(), false, shell);
    expect(check).toMatchObject({
      status: 'ok',
      detail: expect.stringContaining('reached a paused test endpoint'),
    });
  });

  it('says what is wrong with the address or the token', async () => {
    const wrong = await doctor({ env: { ...environment(), HOOK0_TOKEN: 'hk0_wrong' } });
    expect(wrong).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^failed +token .*401 token_invalid/m),
    });
    const page = await testReceiver(() => ({ status: 200, body: '<html>' }));
    const other = await doctor({ env: { ...environment(), HOOK0_URL: page.url } });
    expect(other).toMatchObject({
      code: 1,
      out: 'failed   address  something else than Hook0 answered: HTTP 200\n',
    });
    await page.stop();
    const gone = await doctor({ env: { ...environment(), HOOK0_URL: page.url } });
    expect(gone).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^failed +address .* does not answer: .*ECONNREFUSED/),
    });
    expect((await doctor({ env: {} })).code).toBe(2);
  });
});

it('hook0 open prints the address of the reference, and opens it', async () => {
  const browsed: string[] = [];
  const browse = async (url: string) => browsed.push(url) > 0;
  const env = { HOOK0_URL: 'https://a.example.com/base/', HOOK0_TOKEN: 'hk0_x' };
  expect(await runHook0(['open'], { env, browse })).toEqual({
    code: 0,
    out: 'https://a.example.com/base/docs\n',
    err: '',
  });
  expect(browsed).toEqual(['https://a.example.com/base/docs']);
  expect((await runHook0(['open'], { env })).err).toContain('no browser here');
  expect((await runHook0(['open'], { env: { ...env, HOOK0_URL: 'file:///etc/passwd' } })).code).toBe(1);
});
