import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../../bin/lint-prose.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hook0-prose-'));
  spawnSync('git', ['init', '--quiet'], { cwd: folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function lint(text: string) {
  writeFileSync(join(folder, 'page.md'), text);
  spawnSync('git', ['add', '.'], { cwd: folder });
  const { status, stderr } = spawnSync(process.execPath, [program], { cwd: folder });
  return { status, stderr: stderr.toString() };
}

describe('the check of words', () => {
  it('names file, line and word', () => {
    const word = ['who', 'ever'].join('');
    expect(lint(`The first line is fine.\n${word} reads this asks why.\n`)).toEqual({
      status: 1,
      stderr: `page.md:2: replace "${word}"\n`,
    });
  });

  it('accepts words that only contain a refused one', () => {
    expect(lint('Endearing, and belonging to a queue.\n')).toEqual({ status: 0, stderr: '' });
  });
});
