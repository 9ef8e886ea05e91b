import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataDir } from '#local/data-dir/data-dir.ts';

const scratch = mkdtempSync(join(tmpdir(), 'hook0-lock-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let made = 0;
const folder = () => join(scratch, String(++made));

/** A process that waits for a line, then opens each of the data directories at its time and prints which it got. */
function opener(paths: readonly string[]) {
  const script = `
    import { openDataDir } from ${JSON.stringify(new URL('../../../../local/data-dir/data-dir.ts', import.meta.url))};
    let got = '';
    process.stdin.once('data', (at) => {
      for (const [index, path] of ${JSON.stringify(paths)}.entries()) {
        while (Date.now() < Number(at) + index * 20);
        try {
          openDataDir(path);
          got += index + ' ';
        } catch (error) {
          if (!/is used by/.test(error.message)) throw error;
        }
      }
      console.log('got ' + got);
    });
    console.log('ready');
  `;
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
  return {
    child,
    ready: says(/ready\n/),
    open: async (at = Date.now()) => {
      const done = says(/got .*\n/);
      child.stdin.write(String(at));
      return [...(await done).matchAll(/\d+/g)].map(([index]) => Number(index));
    },
  };
}

describe('a data directory', () => {
  it('is locked until it is released, for the same process too', () => {
    const path = folder();
    const first = openDataDir(path);
    expect(() => openDataDir(path)).toThrow(`${path} is used by process ${process.pid}: stop it`);
    first.release();
    const second = openDataDir(path);
    first.release();
    expect(() => openDataDir(path)).toThrow('is used by process');
    second.release();
  });

  it('is not taken from a process that lives, but from one that was killed', async () => {
    const path = folder();
    const { child, ready, open } = opener([path]);
    await ready;
    expect(await open()).toEqual([0]);
    expect(() => openDataDir(path)).toThrow(`is used by process ${child.pid}: stop it`);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    openDataDir(path).release();
  });

  it('goes to exactly one of many processes that open it at once', async () => {
    const paths = Array.from({ length: 30 }, folder);
    const openers = Array.from({ length: 6 }, () => opener(paths));
    await Promise.all(openers.map(({ ready }) => ready));
    const at = Date.now() + 100;
    const winners = (await Promise.all(openers.map(({ open }) => open(at)))).flat();
    expect(winners.toSorted((a, b) => a - b)).toEqual(paths.map((_, index) => index));
    for (const { child } of openers) child.kill();
  });
});
