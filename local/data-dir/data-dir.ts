import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Lock, takeLock } from './data-dir-lock.ts';

/** What a local run keeps between starts: the engines' databases beside small JSON files of its own. */
export interface DataDir extends Lock {
  /** Absolute. */
  readonly path: string;
  /** The content of `<name>.json`; undefined when there is none yet. */
  read(name: string): unknown;
  /** Replaces `<name>.json` as a whole: a crash leaves the old or the new one. Readable by the owner alone. */
  write(name: string, value: unknown): void;
}

/**
 * Makes a data directory, unless it stands.
 *
 * @returns its absolute path
 * @throws Error of one line when it cannot be made or written to
 */
function makeDataDir(folder: string): string {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const reason = reasons[code] ?? code;
    throw new Error(`--data-dir ${path} ${reason}: give the path of a folder that can be written to`, {
      cause: error,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'is a file',
  ENOTDIR: 'lies below a file',
  EACCES: 'may not be written to',
  EPERM: 'may not be written to',
  EROFS: 'is on a read-only file system',
};

/**
 * Takes a data directory for this process, which may take it more than once.
 *
 * @throws Error when it cannot be written to or another live process has it
 */
export function openDataDir(folder: string): DataDir {
  const path = makeDataDir(folder);
  const lock = takeLock(path);
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
    release: lock.release,
  };
}
