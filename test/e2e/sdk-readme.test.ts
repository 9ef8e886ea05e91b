import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Hook0Client } from '#sdk/src/client/client.ts';
import { type LocalStack, startLocalStack } from '#test/support/local-stack.ts';
import { type EmptyProject, packedSdk } from '#test/support/packed-sdk.ts';
import { type Block, blocksOf } from '#test/support/readme-blocks.ts';

// Runs every code block of the package's README in an empty project, against the local run.

const root = fileURLToPath(new URL('../..', import.meta.url));
const blocks = blocksOf(readFileSync(join(root, 'sdk/README.md'), 'utf8'));
const scripts = blocks.filter(({ language }) => language === 'js' || language === 'cjs');
const isReceiver = ({ code }: Block): boolean => /verifyWebhook|webhookHandler/.test(code);

let stack: LocalStack;
let project: EmptyProject;
let client: Hook0Client;
const running: ChildProcess[] = [];

beforeAll(async () => {
  [stack, project] = await Promise.all([startLocalStack({ tick: 1 }), packedSdk()]);
  client = new Hook0Client({ apiUrl: stack.url, apiToken: stack.adminToken });
  for (const framework of ['express', 'fastify', 'hono']) {
    symlinkSync(join(root, 'node_modules', framework), join(project.folder, 'node_modules', framework));
  }
  cpSync(join(root, 'test/support/receiver-harness.mjs'), join(project.folder, 'harness.mjs'));
});
afterEach(() => running.splice(0).forEach((child) => void child.kill()));
afterAll(async () => {
  project.remove();
  await stack.stop();
});

const environment = () => ({ HOOK0_URL: stack.url, HOOK0_TOKEN: stack.adminToken });
const under = (heading: string, language = 'js'): Block => {
  const block = blocks.find((one) => one.heading === heading && one.language === language);
  if (block === undefined) throw new Error(`the README has no block of ${language} under ${heading}`);
  return block;
};

/** Later blocks use the `client` of the first one. */
const prelude = under('Send').code.split('\n').slice(0, 4).join('\n');

const needsClient = (code: string): boolean =>
  /\bclient\.|new Hook0Client/.test(code) && !code.includes('const client');

/** Runs a block as a program. @returns what it printed */
function run({ language, code }: Block, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const name = `block.${language === 'cjs' ? 'cjs' : 'mjs'}`;
  project.write(name, needsClient(code) ? `${prelude}\n${code}` : code);
  return project.run(process.execPath, [name], { ...environment(), ...env });
}

/** Runs a block as a receiver. @returns its address, and what it has printed so far */
async function serve({ code }: Block, secret: string) {
  project.write('receiver.mjs', code);
  const env = { ...process.env, WEBHOOK_SECRET: secret };
  const child = spawn(process.execPath, ['harness.mjs', './receiver.mjs'], { cwd: project.folder, env });
  running.push(child);
  let output = '';
  const printed = (text: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = text.exec(output);
        if (found) resolve(found);
      };
      child.stdout.on('data', look);
      child.on('exit', () => reject(new Error(`the receiver ended: ${output}`)));
      look();
    });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const [, port] = await printed(/listening on (\d+)/);
  return { url: `http://127.0.0.1:${port}/webhooks`, printed };
}

/** Creates an endpoint by the README's own block. @returns its id and secret */
async function created() {
  const printed = await run(under('Receive'));
  const secret = /^WEBHOOK_SECRET=(whsec_\S+)\n$/.exec(printed)?.[1] ?? '';
  const { data } = await client.endpoints.list();
  return { id: String(data[0]?.id), secret };
}

describe('the README of the package', () => {
  it('has only blocks that this file runs', () => {
    expect(blocks.filter((block) => !scripts.includes(block)).map(({ language }) => language)).toEqual([
      ...['sh', 'sh', 'sh'],
    ]);
    expect(scripts.map(({ heading }) => heading)).toEqual([
      ...[
        'Send',
        'Send',
        'Receive',
        'Express',
        'Fastify',
        'Hono',
        'Next.js, Deno, Bun, Workers',
        'AWS Lambda',
      ],
      ...['Test your receiver', 'Everything else', 'Options', 'Errors'],
    ]);
  });

  it('sends', async () => {
    const before = (await client.events.list()).data.length;
    expect(await run(under('Send'))).toMatch(/^evt_\w{26} goes to 0 endpoints\n$/);
    expect(await run(under('Send', 'cjs'))).toBe('sent\n');
    const { data } = await client.events.list();
    expect(
      data
        .slice(0, data.length - before)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['order.created', 'order.high_value', 'product.viewed', 'product.viewed']);
  });

  it.each(scripts.filter(isReceiver))('receives: $heading', async (block) => {
    const { id, secret } = await created();
    const receiver = await serve(block, secret);
    await client.endpoints.update(id, { url: receiver.url });
    const [eventId] = (await run(under('Send'))).split(' ');
    await receiver.printed(new RegExp(`${eventId} \\{ order: \\{ id: 'ORD-12345', amount: 299.99 \\} \\}`));

    const test = under('Test your receiver');
    const code = test.code.replace('http://127.0.0.1:4000/webhooks', receiver.url);
    expect(await run({ ...test, code }, { WEBHOOK_SECRET: secret })).toBe('204\n');
    // A forgery gets 400, and a receiver that is not set up gets another chance.
    expect(await run({ ...test, code }, { WEBHOOK_SECRET: 'another-secret' })).toBe('400\n');
    const misconfigured = await serve(block, '');
    const other = test.code.replace('http://127.0.0.1:4000/webhooks', misconfigured.url);
    expect(await run({ ...test, code: other }, { WEBHOOK_SECRET: secret })).toBe('500\n');
    await client.endpoints.delete(id);
  });

  it('runs the command', async () => {
    project.write('block.sh', under('The command', 'sh').code);
    const printed = await project.run('bash', ['-e', 'block.sh'], environment());
    expect(printed).toMatch(/^Endpoint +ep_/);
    expect(printed).toMatch(/^evt_\w{26} goes to \d+ endpoints?$/m);
    expect(printed).toMatch(/^ID +TIME +TYPE/m);
    // Other tests look at the only endpoint.
    await client.endpoints.delete(/ep_\w+/.exec(printed)?.[0] ?? '');
  });

  it('shows the other calls', async () => {
    expect(await run(under('Everything else'))).toContain("type: 'redrive'");
    expect(await run(under('Options'))).toMatch(
      /^GET http:\/\/127\.0\.0\.1:\d+\/api\/endpoints\?limit=10 200 \d+\n$/,
    );
    await expect(run(under('Errors'))).resolves.toBe('');
  });
});
