import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf } from '../engines/processes.ts';

/** Which process has a data directory. */
export interface Lock {
  /** Lets another process have it. Again, it does nothing: the directory may have been taken since. */
  release(): void;
}

const free = 'free';
// Between a file's making and its writing are microseconds, unless its process died there.
const longestTaking = 5_000;
// Each lost race means that another process took it or let it go in this very moment.
const mostTries = 100;

/**
 * Takes a folder for this process, which may take it more than once.
 *
 * `local.lock` holds files that are named by numbers; the highest says who has the folder. Who takes it makes the next
 * one, and the file system makes it once: of those who find the same dead owner one gets it, and nobody has to remove a
 * file that may be another's by then. Numbers are never used again, so a release leaves its file.
 *
 * @throws Error when another live process has it
 */
export function takeLock(folder: string): Lock {
  const locks = join(folder, 'local.lock');
  mkdirSync(locks, { recursive: true, mode: 0o700 });
  const fileOf = (turn: number) => join(locks, String(turn));
  const turns = (): number[] => readdirSync(locks).map(Number).filter(Number.isSafeInteger);
  const highest = (): number => Math.max(0, ...turns());

  for (let tries = 0; tries < mostTries; tries += 1) {
    const last = highest();
    const owner = ownerIn(fileOf(last));
    if (owner === process.pid) return lockIn(fileOf(last));
    if (owner !== undefined) {
      const who = owner === 'somebody' ? 'another process' : `process ${owner}`;
      throw new Error(`${folder} is used by ${who}: stop it, or give another --data-dir`);
    }
    const mine = last + 1;
    if (!madeBy(process.pid, fileOf(mine))) continue;
    // Whoever looked long ago may find a number free that was in use since; those above it count.
    if (highest() === mine) {
      for (const turn of turns()) if (turn < mine) rmSync(fileOf(turn), { force: true });
      return lockIn(fileOf(mine));
    }
    rmSync(fileOf(mine), { force: true });
  }
  throw new Error(`${folder} was taken and let go ${mostTries} times just now: try again`);
}

const lockIn = (file: string): Lock => ({
  release: () => {
    if (textOf(file) === String(process.pid)) writeFileSync(file, free);
  },
});

function madeBy(pid: number, file: string): boolean {
  try {
    writeFileSync(file, String(pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The live process that a file names; `somebody` who is about to write it; undefined for nobody. */
function ownerIn(file: string): number | 'somebody' | undefined {
  const text = textOf(file);
  if (text === '') return isYoung(file) ? 'somebody' : undefined;
  const pid = Number(text);
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined;
  // Another program may have the pid of one that died.
  return pid === process.pid || /\bnode\b|vitest/.test(commandLineOf(pid) ?? '') ? pid : undefined;
}

const isYoung = (file: string): boolean => {
  const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: 0 };
  return Date.now() - mtimeMs < longestTaking;
};

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
