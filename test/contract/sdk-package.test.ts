import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReceiver } from '#demo/receiver.ts';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hook0-package-'));
const user = join(folder, 'user');
const installed = join(user, 'node_modules', '@hook0', 'sdk');

const isSource = (path: string): boolean => !['dist', 'node_modules'].includes(basename(path));

// The package is built from a copy, so that no build output is left beside the sources. Unpacking it needs no registry.
beforeAll(async () => {
  const copy = join(folder, 'sdk');
  cpSync(join(root, 'sdk'), copy, { recursive: true, filter: isSource });
  cpSync(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const bins = ['sdk/node_modules/.bin', 'node_modules/.bin'].map((path) => join(root, path));
  const PATH = [...bins, process.env.PATH].join(delimiter);
  const npm = ['pack', '--offline', '--pack-destination', folder];
  await exec('npm', npm, { cwd: copy, env: { ...process.env, PATH } });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  mkdirSync(installed, { recursive: true });
  await exec('tar', ['-xzf', join(folder, String(tarball)), '--strip-components=1', '-C', installed]);
  writeFileSync(join(user, 'package.json'), '{"type":"module"}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (code: string) => exec(process.execPath, ['--input-type=module', '--eval', code], { cwd: user });

describe('the package', () => {
  it('holds the built files only', () => {
    expect(readdirSync(installed).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json']);
    const files = readdirSync(join(installed, 'dist'), { recursive: true }).map(String);
    expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'cli.js']));
    expect(files.filter((name) => /(?<!\.d)\.ts$/.test(name))).toEqual([]);
    for (const name of files.filter((one) => /\.(js|ts)$/.test(one))) {
      const text = readFileSync(join(installed, 'dist', name), 'utf8');
      // A file imports Node's modules and files of the package only.
      for (const [, from] of text.matchAll(/\b(?:from|import) ['"]([^'"]+)['"]/g)) {
        expect(from).toMatch(/^(?:node:|\.\.?\/.+\.(?:js|ts)$)/);
      }
    }
    expect(JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))).not.toHaveProperty(
      'dependencies',
    );
  });

  it('posts an event from plain JavaScript', async () => {
    const receiver = await startReceiver(() => ({
      status: 202,
      headers: { 'content-type': 'application/json' },
      body: '{"success":true,"eventId":"evt_1","webhookCount":0}',
    }));
    const { stdout } = await node(`
      import { Hook0Client } from '@hook0/sdk';
      const hook0 = new Hook0Client({ url: ${JSON.stringify(new URL(receiver.url).origin)}, token: 'hk0_test' });
      const { eventId } = await hook0.events.send({ type: 'order.created', payloadJson: '{"n":1.0}' });
      console.log(eventId);
    `);
    await receiver.stop();
    expect(stdout).toBe('evt_1\n');
    expect(receiver.requests[0]?.body.toString()).toBe('{"payload":{"n":1.0},"type":"order.created"}');
  });

  it('verifies a webhook from plain JavaScript', async () => {
    const { stdout } = await node(`
      import { createHmac } from 'node:crypto';
      import { verifyWebhook, WebhookVerificationError } from '@hook0/sdk';
      const seconds = String(Math.floor(Date.now() / 1000));
      const signature = createHmac('sha256', 'the-secret').update('evt_1.' + seconds + '.{}').digest('base64');
      const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': seconds, 'webhook-signature': 'v1,' + signature };
      console.log(verifyWebhook({ headers, body: '{}', secret: 'the-secret' }).id);
      try { verifyWebhook({ headers, body: '[]', secret: 'the-secret' }); }
      catch (error) { console.log(error instanceof WebhookVerificationError, error.code); }
    `);
    expect(stdout).toBe('evt_1\ntrue wrong_signature\n');
  });

  it('provides the command', async () => {
    const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    const command = join(installed, bin.hook0);
    expect(readFileSync(command, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const file = fileURLToPath(new URL('../vectors/exports/svix.json', import.meta.url));
    const args = ['import', '--from', 'svix', '--file', file, '--dry-run'];
    const { stdout } = await exec(process.execPath, [command, ...args], { cwd: user });
    expect(stdout).toContain('5 would be created; nothing was changed');
    const failed = await exec(process.execPath, [command, 'nonsense'], { cwd: user }).catch((error) => error);
    expect(failed).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown command "nonsense"') });
  });

  it('provides types', async () => {
    writeFileSync(
      join(user, 'user.ts'),
      `import { ApiError, type Endpoint, Hook0Client, verifyWebhook } from '@hook0/sdk';
       const hook0 = new Hook0Client({ url: 'https://api.example.com', token: 'hk0_x' });
       export const all: AsyncIterable<Endpoint> = hook0.endpoints.all();
       export const id: string = verifyWebhook({ headers: new Headers(), body: '', secret: 'x' }).id;
       export const rate = async (): Promise<number | null> => (await hook0.stats()).totals.successRate;
       export const send = () => hook0.events.send({ type: 'a', payload: 1, options: { priority: 'high' } });
       export const code = (error: unknown) => (error instanceof ApiError ? error.code : undefined);
       // @ts-expect-error there is no such priority
       export const wrong = () => hook0.events.send({ type: 'a', payload: 1, options: { priority: 'urgent' } });`,
    );
    const compilerOptions = {
      strict: true,
      noEmit: true,
      module: 'nodenext',
      lib: ['es2023', 'dom'],
      types: [],
    };
    writeFileSync(join(user, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
    await exec(join(root, 'node_modules', '.bin', 'tsc'), ['-p', user]).catch(({ stdout }) => {
      throw new Error(stdout);
    });
  });
});
