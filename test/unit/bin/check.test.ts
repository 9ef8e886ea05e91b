import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hook0-check-'));
  mkdirSync(join(folder, 'bin'));
  cpSync(fileURLToPath(new URL('../../../bin/check.mjs', import.meta.url)), join(folder, 'bin/check.mjs'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(): void {
  mkdirSync(join(folder, 'node_modules'));
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}');
}

function check(version = process.versions.node): { status: number | null; stderr: string } {
  const fake = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`;
  const preload = ['--import', `data:text/javascript,${encodeURIComponent(fake)}`];
  const { status, stderr } = spawnSync(process.execPath, [...preload, 'bin/check.mjs'], { cwd: folder });
  return { status, stderr: stderr.toString() };
}

describe('the preflight check', () => {
  it('asks for npm ci in an empty folder, in one line', () => {
    expect(check()).toEqual({
      status: 1,
      stderr: 'hook0: the dependencies are not installed: run npm ci first\n',
    });
  });

  it('names the version found when Node.js is too old, installed or not', () => {
    const tooOld = { status: 1, stderr: 'hook0: Node.js is too old: found 18.20.1, need >= 20\n' };
    expect(check('18.20.1')).toEqual(tooOld);
    install();
    expect(check('18.20.1')).toEqual(tooOld);
  });

  it('says nothing when all is well', () => {
    install();
    expect(check()).toEqual({ status: 0, stderr: '' });
  });

  it.each(['20.20.2', '22.17.1', '23.0.0'])(
    'says that Node.js %s cannot run the scripts by itself',
    (version) => {
      install();
      const { status, stderr } = check(version);
      expect(status).toBe(1);
      expect(stderr).toMatch(new RegExp(`^hook0: Node\\.js ${version} cannot run TypeScript: .*npm ci\n$`));
    },
  );
});
