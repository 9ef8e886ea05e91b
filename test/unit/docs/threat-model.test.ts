import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { knownOf, titlesIn } from '#test/support/syntax/titles.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const page = read('docs/threat-model.md');
const [, attacks = ''] = page.split(/^## Attacks$/m);
const [tables = ''] = attacks.split(/^## /m);

const rows = tables
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| attack |'))
  .map((line) => {
    const [attack = '', by = '', stops = '', test = ''] = line.slice(2, -2).split(' | ');
    return { attack, by, stops, test };
  });

/** Whether a file has a test, or a block of tests, whose full name starts so. */
function hasTest(path: string, name: string): boolean {
  return titlesIn(read(path)).some((title) => knownOf(name, title) !== undefined);
}

describe('the threat model', () => {
  it('has many attacks, each with what stops it', () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const { attack, by, stops } of rows) {
      for (const cell of [attack, by, stops]) expect(cell.trim()).not.toBe('');
    }
  });

  it.each(rows)('shows by a test that $attack is stopped', ({ test }) => {
    const [, path = '', name = ''] = /^`(test\/[\w/.-]+\.test\.ts)`: "(.+)"/.exec(test) ?? [];
    expect(path).not.toBe('');
    expect(existsSync(new URL(path, root)), path).toBe(true);
    expect(hasTest(path, name), `${path} has no test "${name}"`).toBe(true);
  });
});

it('a test that does not exist is noticed', () => {
  expect(hasTest('test/e2e/loops.test.ts', 'a loop > of events whose payloads are events')).toBe(true);
  expect(hasTest('test/e2e/loops.test.ts', 'a loop > of cats')).toBe(false);
});
