import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { readPid } from '../engines/processes.ts';
import { ownFile } from '../files/own-file.ts';

/** What a local run keeps between starts: the engines' databases and small JSON files. */
export interface DataDir {
  /** Absolute. */
  readonly path: string;
  /** The content of `<name>.json`; undefined when there is no such file. */
  read(name: string): unknown;
  /** Replaces `<name>.json` as a whole: a crash leaves the old or the new one. Only the owner can read it. */
  write(name: string, value: unknown): void;
  /** Unlocks the folder. A second call does nothing. */
  release(): void;
}

/**
 * Makes a data directory, unless it exists, and locks it until it is released or this process ends.
 *
 * @throws Error of one line when it cannot be written to, or is locked already
 */
export function openDataDir(folder: string): DataDir {
  const path = makeFolder(folder);
  const lock = takeLock(path);
  const fileOf = (name: string) => join(path, `${name}.json`);
  return {
    path,
    read: (name) => {
      try {
        return JSON.parse(readFileSync(fileOf(name), 'utf8'));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return undefined;
        throw new Error(`${fileOf(name)} cannot be read: delete it, or the whole directory, to start anew`, {
          cause: error,
        });
      }
    },
    write: (name, value) => {
      writeFileSync(ownFile(`${fileOf(name)}.new`), JSON.stringify(value));
      renameSync(`${fileOf(name)}.new`, fileOf(name));
    },
    release: () => {
      if (locks.delete(lock)) lock.close();
    },
  };
}

function makeFolder(folder: string): string {
  const path = resolve(folder);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return path;
  } catch (error) {
    const code = codeOf(error) ?? String(error);
    throw new Error(
      `--data-dir ${path} ${reasons[code] ?? code}: give the path of a folder that can be written to`,
      { cause: error },
    );
  }
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'is a file',
  ENOTDIR: 'lies below a file',
  EACCES: 'may not be written to',
  EPERM: 'may not be written to',
  EROFS: 'is on a read-only file system',
};

const sqliteBusy = 5;

// Garbage collection closes a database that nothing refers to, which would unlock its folder.
const locks = new Set<DatabaseSync>();

/** SQLite locks a file by the operating system, which unlocks it when the process ends, even by SIGKILL. */
function takeLock(path: string): DatabaseSync {
  const pidFile = join(path, 'local.pid');
  const lock = new DatabaseSync(ownFile(join(path, 'lock.sqlite')), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!(error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy)) throw error;
    const owner = readPid(pidFile);
    throw new Error(
      `${path} is used by ${owner === undefined ? 'another process' : `process ${owner}`}: ` +
        'stop it, or give another --data-dir',
      { cause: error },
    );
  }
  writeFileSync(ownFile(pidFile), String(process.pid));
  locks.add(lock);
  return lock;
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;
