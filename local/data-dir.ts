import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { commandLineOf, readPid } from './engines/processes.ts';

/** What a local run keeps between starts: the engines' databases beside small JSON files of its own. */
export interface DataDir {
  /** Absolute. */
  readonly path: string;
  /** The content of `<name>.json`; undefined when there is none yet. */
  read(name: string): unknown;
  /** Replaces `<name>.json` as a whole: a crash leaves the old or the new one. Readable by the owner alone. */
  write(name: string, value: unknown): void;
  release(): void;
}

/**
 * Takes a data directory for this process.
 *
 * @throws Error when another live process has it
 */
export function openDataDir(folder: string): DataDir {
  const path = resolve(folder);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const lock = join(path, 'local.pid');
  const owner = readPid(lock);
  if (owner !== undefined && owner !== process.pid && /\bnode\b|vitest/.test(commandLineOf(owner) ?? '')) {
    throw new Error(`${path} is used by process ${owner}: stop it, or give another --data-dir`);
  }
  writeFileSync(lock, String(process.pid));
  const fileOf = (name: string) => join(path, `${name}.json`);
  return {
    path,
    read: (name) => {
      try {
        return JSON.parse(readFileSync(fileOf(name), 'utf8'));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw new Error(`${fileOf(name)} cannot be read: delete it, or the whole directory, to start anew`, {
          cause: error,
        });
      }
    },
    write: (name, value) => {
      writeFileSync(`${fileOf(name)}.new`, JSON.stringify(value), { mode: 0o600 });
      renameSync(`${fileOf(name)}.new`, fileOf(name));
    },
    release: () => rmSync(lock, { force: true }),
  };
}
