// npm run check:runtimes: installs Deno, Bun, workerd and Jest in a temporary folder, and uses the packed package there.
// They are not devDependencies, because they would add 400 MB to every installation.
import { deepStrictEqual } from 'node:assert';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { type ReceiverAnswer, startReceiver } from '#demo/receiver.ts';
import { packedSdk } from '#test/support/packed-sdk.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const exec = promisify(execFile);
const json = { 'content-type': 'application/json' };

/** Accepts events, and answers other requests as a sign-in page or a redirect would. */
const api = await startReceiver((_, { path }): ReceiverAnswer => {
  if (path.endsWith('/page'))
    return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' };
  if (path.endsWith('/moved')) return { status: 302, headers: { location: 'http://127.0.0.1:9/' } };
  return { status: 202, headers: json, body: '{"success":true,"eventId":"evt_1","webhookCount":0}' };
});
const url = new URL(api.url).origin;
const expected = {
  ...{ eventId: 'evt_1', page: true, moved: true, payload: { n: 2 }, forgery: 'wrong_signature' },
  answers: [204, 400],
};

const project = await packedSdk();
const bin = (name: string): string => join(project.folder, 'node_modules', '.bin', name);
const permissions = ['--allow-net=127.0.0.1', '--allow-env'];

/** Serves the worker. @returns its answer to one request */
async function onWorkerd(): Promise<unknown> {
  await build({
    ...{
      entryPoints: [join(project.folder, 'worker.mjs')],
      outfile: join(project.folder, 'worker.bundle.mjs'),
    },
    ...{
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      conditions: ['workerd', 'worker'],
      logLevel: 'error',
    },
  });
  const args = ['serve', '--control-fd=3', 'workerd.capnp'];
  const child: ChildProcess = spawn(bin('workerd'), args, {
    cwd: project.folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  try {
    const control = child.stdio[3];
    const [line] = await new Promise<Buffer[]>((resolve, reject) => {
      control?.once('data', (data: Buffer) => resolve([data]));
      child.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)));
    });
    const { port } = JSON.parse(String(line).split('\n')[0] ?? '');
    return await (await fetch(`http://127.0.0.1:${port}/?api=${encodeURIComponent(url)}`)).json();
  } finally {
    child.kill();
  }
}

try {
  const sources = fileURLToPath(new URL('project', import.meta.url));
  const tarball = JSON.parse(
    await project.run('node', ['-p', 'JSON.stringify(require("./package.json").dependencies)']),
  );
  cpSync(sources, project.folder, { recursive: true });
  say('installing the runtimes …');
  await exec('npm', ['ci'], { cwd: project.folder });
  await exec('npm', ['install', '--no-save', tarball['@hook0/sdk']], { cwd: project.folder });

  const deno = await project.run(bin('deno'), ['run', ...permissions, 'run.mjs', url]);
  deepStrictEqual(JSON.parse(deno), expected);
  deepStrictEqual(await project.run(bin('deno'), ['run', ...permissions, 'node-crypto.mjs']), '{"n":2}');
  say('Deno: sends, verifies and signs');

  deepStrictEqual(JSON.parse(await project.run(bin('bun'), ['run.mjs', url])), expected);
  deepStrictEqual(await project.run(bin('bun'), ['node-crypto.mjs']), '{"n":2}');
  say('Bun: sends, verifies and signs');

  deepStrictEqual(await onWorkerd(), expected);
  say('workerd: sends, verifies and signs');

  await project.run(bin('jest'), ['--testMatch', '**/*.test.cjs', '--ci'], { HOOK0_URL: url });
  say('Jest: sends, verifies and signs');
} finally {
  project.remove();
  await api.stop();
}
