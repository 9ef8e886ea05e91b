import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataDir } from '#local/data-dir/data-dir.ts';

const scratch = mkdtempSync(join(tmpdir(), 'hook0-lock-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let made = 0;
/** A data directory whose lock files hold these texts, by number. */
function folder(locks: Readonly<Record<string, string>> = {}): string {
  made += 1;
  const path = join(scratch, String(made));
  mkdirSync(join(path, 'local.lock'), { recursive: true });
  for (const [turn, text] of Object.entries(locks)) writeFileSync(join(path, 'local.lock', turn), text);
  return path;
}
const locksIn = (path: string) =>
  Object.fromEntries(
    readdirSync(join(path, 'local.lock')).map((turn) => [
      turn,
      readFileSync(join(path, 'local.lock', turn), 'utf8'),
    ]),
  );
const own = String(process.pid);
/** No process has it: the largest that Linux gives is 4194304. */
const dead = '4194305';

describe('a data directory', () => {
  it('is this process’s until it lets it go, however often it takes it', () => {
    const path = folder();
    const [first, again] = [openDataDir(path), openDataDir(path)];
    expect(locksIn(path)).toEqual({ 1: own });
    again.release();
    expect(locksIn(path)).toEqual({ 1: 'free' });
    const second = openDataDir(path);
    expect(locksIn(path)).toEqual({ 2: own });
    first.release();
    expect(locksIn(path)).toEqual({ 2: own });
    second.release();
    expect(locksIn(path)).toEqual({ 2: 'free' });
  });

  it.each([
    ['a process that is dead', { 6: dead, 7: dead }],
    ['a process that let it go', { 7: 'free' }],
    ['nobody that can be told', { 7: 'nonsense' }],
  ])('is taken over from %s', (_, locks) => {
    const path = folder(locks);
    openDataDir(path);
    expect(locksIn(path)).toEqual({ 8: own });
  });

  it('is not taken from a process that lives, nor from one that is just taking it', () => {
    const used = folder({ 3: String(process.ppid) });
    expect(() => openDataDir(used)).toThrow(`is used by process ${process.ppid}: stop it`);
    const path = folder({ 3: '' });
    expect(() => openDataDir(path)).toThrow('is used by another process: stop it');
    expect(locksIn(path)).toEqual({ 3: '' });
    utimesSync(join(path, 'local.lock', '3'), 0, 0);
    openDataDir(path);
    expect(locksIn(path)).toEqual({ 4: own });
  });

  it('is had by exactly one of many that start at once and find the lock of a dead one', async () => {
    const paths = Array.from({ length: 30 }, () => folder({ 1: dead }));
    const script = `
      import { openDataDir } from ${JSON.stringify(fileURLToPath(new URL('../../../local/data-dir/data-dir.ts', import.meta.url)))};
      let tell = '';
      process.stdin.once('data', (at) => {
        for (const [index, path] of ${JSON.stringify(paths)}.entries()) {
          while (Date.now() < Number(at) + index * 20);
          try {
            openDataDir(path);
            tell += index + ' ';
          } catch (error) {
            if (!/is used by|was taken and let go/.test(error.message)) throw error;
          }
        }
        console.log(tell);
      });
      console.log('ready');
    `;
    const children = Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      const says = (what: RegExp) =>
        new Promise<string>((resolve, reject) => {
          child.stdout.on('data', () => what.test(output) && resolve(output));
          child.once('close', () => reject(new Error(`it ended: ${output}`)));
        });
      return { child, says };
    });
    await Promise.all(children.map(({ says }) => says(/ready\n/)));
    const told = children.map(({ says }) => says(/ready\n.*\n/));
    const at = Date.now() + 100;
    for (const { child } of children) child.stdin.write(String(at));
    const winners = (await Promise.all(told)).flatMap((text) => text.match(/\d+/g) ?? []);
    expect(winners.map(Number).toSorted((a, b) => a - b)).toEqual(paths.map((_, index) => index));
    for (const { child } of children) child.kill();
  });
});
