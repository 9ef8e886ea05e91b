import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const runbook = readFileSync(new URL('docs/runbook.md', root), 'utf8').replace(/^```[\s\S]*?^```/gm, '');

// Sources as they are in the working tree: git knows a file that is moved before its old path is committed.
const source = execFileSync('git', ['ls-files', '-z', '--', '*.ts', ':!test', ':!bench'], {
  cwd: fileURLToPath(root),
})
  .toString()
  .split('\0')
  .filter((path) => path !== '' && existsSync(new URL(path, root)))
  .map((path) => readFileSync(new URL(path, root), 'utf8'))
  .join('\n');

/** Quoted words in lower case are log lines; a name, a header or a request has no blank or has capitals. */
const quoted = [...runbook.matchAll(/`([a-z]+(?:[\s,:;]+[a-z-]+)+)(?: …)?`/g)].map(([, line = '']) => line);

describe('the runbook', () => {
  it('quotes log lines', () => expect(quoted.length).toBeGreaterThan(10));

  it.each([...new Set(quoted)])('quotes "%s" as a function logs it', (line) => {
    expect(source).toContain(line.replaceAll('\n', ' '));
  });
});
