import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const isSource = (path: string): boolean => !['dist', 'node_modules'].includes(basename(path));

/** An empty project that has `@hook0/sdk` installed from what `npm pack` makes, and nothing else. */
export interface EmptyProject {
  readonly folder: string;
  /** The installed package. */
  readonly installed: string;
  /** Writes a file of the project. */
  write(name: string, text: string): void;
  /** @throws Error with what the program printed when it fails */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
  remove(): void;
}

/** Packs the package from a copy, so that no build output is left beside the sources. It needs no registry. */
export async function packedSdk(): Promise<EmptyProject> {
  const base = mkdtempSync(join(tmpdir(), 'hook0-package-'));
  const folder = join(base, 'user');
  cpSync(join(root, 'sdk'), join(base, 'sdk'), { recursive: true, filter: isSource });
  cpSync(join(root, 'tsconfig.json'), join(base, 'tsconfig.json'));
  symlinkSync(join(root, 'node_modules'), join(base, 'node_modules'));
  symlinkSync(join(root, 'sdk/node_modules'), join(base, 'sdk/node_modules'));
  const bins = ['sdk/node_modules/.bin', 'node_modules/.bin'].map((path) => join(root, path));
  const env = { ...process.env, PATH: [...bins, process.env.PATH].join(delimiter) };
  await exec('npm', ['pack', '--offline', '--pack-destination', base], { cwd: join(base, 'sdk'), env });
  const tarball = readdirSync(base).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(folder);
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write('package.json', '{}');
  await exec('npm', ['install', '--offline', '--ignore-scripts', join(base, tarball)], { cwd: folder });
  return {
    folder,
    installed: join(folder, 'node_modules', '@hook0', 'sdk'),
    write,
    run: async (program, args, more = {}) => {
      const options = { cwd: folder, env: { ...process.env, ...more }, timeout: 60_000 };
      return (await exec(program, args, options).catch(withOutput)).stdout;
    },
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

function withOutput(error: Error & { readonly stdout?: string; readonly stderr?: string }): never {
  throw new Error(`${error.message}\n${error.stdout ?? ''}\n${error.stderr ?? ''}`, { cause: error });
}

/** The Node.js of this test run, and the machine's own, when it is one that the package supports. */
export async function nodesHere(): Promise<readonly { readonly version: string; readonly path: string }[]> {
  const paths = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .filter((path) => !path.includes('node_modules') && existsSync(path))
    .map((path) => realpathSync(path));
  const found = new Map<string, string>();
  for (const path of new Set([process.execPath, ...paths])) {
    const version = (await exec(path, ['--version'])).stdout.trim();
    if (Number(version.slice(1).split('.')[0]) >= 20) found.set(version, path);
  }
  return [...found].map(([version, path]) => ({ version, path }));
}
