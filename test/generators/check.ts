// npm run check:generators: installs four generators of clients in a temporary folder, runs them on docs/openapi.json,
// compiles what they make under `strict`, and uses it against the local run. They are not devDependencies, because they
// would add 250 MB to every installation.
import { deepStrictEqual } from 'node:assert';
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { startHook0, synthesizeHook0 } from '#bin/local/hook0.ts';
import { openGateway } from '#local/gateway/gateway.ts';

const source = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hook0-generators-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const generators: Readonly<Record<string, readonly string[]>> = {
  'openapi-typescript': ['openapi-typescript', source, '-o', 'samples/openapi-typescript.gen.ts'],
  'hey-api': ['openapi-ts', '--input', source, '--output', 'samples/hey-api', '--no-log-file'],
  orval: ['orval', '--input', source, '--output', 'samples/orval.gen.ts', '--client', 'fetch'],
  'swagger-typescript-api': [
    ...['swagger-typescript-api', 'generate', '-p', source, '-o', 'samples'],
    ...['-n', 'swagger-typescript-api.gen.ts'],
  ],
};

const compilerOptions = {
  ...{ strict: true, skipLibCheck: false, module: 'esnext', moduleResolution: 'bundler', target: 'es2022' },
  ...{ lib: ['es2022', 'dom', 'dom.iterable'], types: ['node'], noEmit: true },
};

/** @throws Error with what the program printed, when it fails */
function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args[0]} failed:\n${stdout}\n${stderr}`);
}
const installed = (program: string): string => join(folder, 'node_modules', '.bin', program);

async function use(): Promise<void> {
  const assembly = await synthesizeHook0(join(folder, 'assembly'));
  const stack = await startHook0(assembly, { gateway: await openGateway(0), tickMs: 2 ** 31 - 1 });
  try {
    for (const name of Object.keys(generators)) {
      const type = `${name.replaceAll('-', '_')}.created`;
      const env = { ...process.env, HOOK0_URL: stack.url, HOOK0_TOKEN: stack.adminToken, EVENT_TYPE: type };
      const sample = join(folder, `${name}.mjs`);
      await build({
        ...{ entryPoints: [join(folder, 'samples', `${name}.ts`)], outfile: sample, bundle: true },
        ...{ format: 'esm', platform: 'node', logLevel: 'error' },
      });
      const { stdout } = await promisify(execFile)(process.execPath, [sample], { env });
      const { endpointId, ...rest } = JSON.parse(stdout);
      deepStrictEqual(rest, {
        metadata: { plan: { name: 'gold' } },
        eventType: type,
        webhookCount: 1,
        refusal: 'payload_schema',
      });
      say(`${name}: created the endpoint ${endpointId}, the event type ${type}, and an event`);
    }
  } finally {
    await stack.stop();
  }
}

try {
  cpSync(fileURLToPath(new URL('samples', import.meta.url)), join(folder, 'samples'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    renameSync(join(folder, 'samples', name), join(folder, name));
  }
  say('installing the generators …');
  run('npm', ['ci', '--ignore-scripts']);
  for (const [name, [program = '', ...args]] of Object.entries(generators)) {
    run(installed(program), args);
    say(`${name}: generated`);
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['samples'] }));
  run(installed('tsc'), ['-p', '.']);
  say('all of it compiles under strict');
  await use();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
