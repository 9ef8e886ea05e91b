import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type EmptyProject, nodesHere, packedSdk } from '#test/support/packed-sdk.ts';

let project: EmptyProject;
let api: Receiver;
const nodes = await nodesHere();

beforeAll(async () => {
  project = await packedSdk();
  api = await startReceiver((_, { path, body }) => {
    const accepted = { success: true, eventId: 'evt_1', webhookCount: 0 };
    const results = () => JSON.parse(body.toString()).events.map(() => accepted);
    const answer = path.endsWith('/batch') ? { results: results() } : accepted;
    return { status: 202, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) };
  });
});
afterAll(async () => {
  project.remove();
  await api.stop();
});

/** The modules that a module loads, with itself, and the modules of Node.js that they import. */
function loadedBy(entry: string): {
  readonly files: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
} {
  const files = new Set<string>();
  const others = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(
      /(?:\bfrom|\bimport|require\()\s*["']([^"']+)["']/g,
    )) {
      if (from.startsWith('.')) visit(join(dirname(file), from));
      else others.add(from);
    }
  };
  visit(join(project.installed, entry));
  return { files, others };
}

describe('the package', () => {
  it('holds the built files only, and depends on nothing', () => {
    expect(readdirSync(project.installed).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    const files = readdirSync(join(project.installed, 'dist'), { recursive: true }).map(String);
    expect(files.filter((name) => /(?<!\.d)\.[cm]?ts$/.test(name))).toEqual([]);
    // The command is one file, and names the licences of what is in it.
    expect(files.filter((name) => /^(cli|import|export)\b/.test(name))).toEqual(['cli.js']);
    const licences = readFileSync(join(project.installed, 'dist', 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licences).toMatch(/^@bomb\.sh\/tab .*^commander \d/ms);
    expect(licences).not.toContain('undefined');
    const packed = JSON.parse(readFileSync(join(project.installed, 'package.json'), 'utf8'));
    for (const kind of ['dependencies', 'peerDependencies', 'optionalDependencies']) {
      expect(packed).not.toHaveProperty(kind);
    }
    expect(readdirSync(join(project.folder, 'node_modules', '@hook0'))).toEqual(['sdk']);
  });

  it('imports nothing of Node.js where other runtimes use it', () => {
    for (const entry of ['index', 'webhooks/edge', 'testing/sign']) {
      for (const kind of ['js', 'cjs', 'd.ts', 'd.cts']) {
        const { files, others } = loadedBy(`dist/${entry}.${kind}`);
        expect(files.size).toBeGreaterThan(1);
        expect([...others]).toEqual([]);
      }
    }
    expect([...loadedBy('dist/webhooks/verify.js').others]).toEqual(['node:crypto']);
  });

  it('keeps the client, verification and the command apart', () => {
    const folders = (entry: string) =>
      [...loadedBy(entry).files].map(
        (file) => file.slice(join(project.installed, 'dist/').length).split('/')[0],
      );
    expect(folders('dist/index.js')).not.toEqual(expect.arrayContaining(['webhooks']));
    expect(folders('dist/webhooks/verify.js')).not.toEqual(expect.arrayContaining(['client']));
    expect(folders('dist/index.js')).not.toEqual(expect.arrayContaining(['cli']));
  });

  it('has a client of less than 30 KB', async () => {
    const options = { bundle: true, minify: true, write: false, format: 'esm', platform: 'neutral' } as const;
    const entryPoints = [join(project.installed, 'dist/index.js')];
    const { outputFiles } = await build({ ...options, entryPoints });
    expect(outputFiles[0]?.contents.length).toBeLessThan(30_000);
    expect(outputFiles[0]?.contents.length).toBeGreaterThan(5_000);
  });
});

describe('this machine', () => {
  it('has a Node.js that the package supports', () => expect(nodes.length).toBeGreaterThan(0));
});

const promised = (apiUrl: string) => `
  const client = new Hook0Client({ apiUrl: '${apiUrl}', apiToken: 'hk0_test', timeout: 10000 });
  const sent = await client.sendEvent({ type: 'user.registered', payload: { user: { id: 'user-123' } } });
  const many = await client.sendEvents([{ type: 'product.viewed', payload: { productId: 'prod-1' } }, { type: 'product.viewed', payload: { productId: 'prod-2' } }]);
  const order = { amount: 1001 };
  const some = await client.sendEventIf({ type: 'order.high_value', payload: { order }, condition: (payload) => payload.order.amount > 1000 });
  console.log(sent.eventId, many.length, some.sent);
`;
const received = `
  sign({ secret: 'webhook-secret-key', payload: { n: 1 } }).then(async ({ headers, body }) => {
    const secret = 'webhook-secret-key';
    console.log(verifyWebhook({ headers, body, secret }).payload.n, (await edge.verifyWebhook({ headers, body, secret })).payload.n);
    try { verifyWebhook({ headers, body: '[]', secret }); }
    catch (error) { console.log(error instanceof WebhookVerificationError, error instanceof Hook0Error, error.code, error.statusCode); }
  });
`;

describe.each(nodes)('on Node.js $version', ({ path }) => {
  it('sends from CommonJS', async () => {
    const code = `(async () => { ${promised(new URL(api.url).origin)} })();`;
    project.write('send.cjs', `const { Hook0Client } = require('@hook0/sdk');\n${code}`);
    expect(await project.run(path, ['send.cjs'])).toBe('evt_1 2 true\n');
  });

  it('sends from an ES module', async () => {
    project.write(
      'send.mjs',
      `import { Hook0Client } from '@hook0/sdk';\n${promised(new URL(api.url).origin)}`,
    );
    expect(await project.run(path, ['send.mjs'])).toBe('evt_1 2 true\n');
  });

  it('verifies and signs in both module systems', async () => {
    project.write(
      'verify.cjs',
      `const { Hook0Error } = require('@hook0/sdk');
       const { verifyWebhook, WebhookVerificationError } = require('@hook0/sdk/webhooks');
       const edge = require('@hook0/sdk/webhooks/edge');
       const { sign } = require('@hook0/sdk/testing');\n${received}`,
    );
    project.write(
      'verify.mjs',
      `import { Hook0Error } from '@hook0/sdk';
       import { verifyWebhook, WebhookVerificationError } from '@hook0/sdk/webhooks';
       import * as edge from '@hook0/sdk/webhooks/edge';
       import { sign } from '@hook0/sdk/testing';\n${received}`,
    );
    for (const file of ['verify.cjs', 'verify.mjs']) {
      expect(await project.run(path, [file])).toBe('1 1\ntrue true wrong_signature 400\n');
    }
  });

  it('provides the command', async () => {
    const file = fileURLToPath(new URL('../../vectors/exports/svix.json', import.meta.url));
    const command = join(project.folder, 'node_modules', '.bin', 'hook0');
    const args = ['import', '--from', 'svix', '--file', file, '--dry-run'];
    expect(await project.run(path, [command, ...args])).toContain('5 would be created; nothing was changed');
    await expect(project.run(path, [command, 'nonsense'])).rejects.toMatchObject({ cause: { code: 2 } });
    expect(await project.run(path, [command, '--help'])).toContain('dead-letters redrive');
  });

  it('completes commands in bash', async () => {
    const command = join(project.folder, 'node_modules', '.bin', 'hook0');
    expect(await project.run(path, [command, 'complete', '--', 'dead-letters', 'r'])).toMatch(/^redrive\t/);
    project.write('completion.bash', await project.run(path, [command, 'completion', 'bash']));
    await project.run('bash', ['-n', 'completion.bash']);
  });
});
