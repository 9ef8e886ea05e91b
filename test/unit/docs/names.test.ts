import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { problemCodes } from '#core/problem/problem-codes.ts';

const root = new URL('../../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const pages = readdirSync(new URL('docs', root)).filter((name) => name.endsWith('.md'));
/** What the first group that matched holds, for each match. */
const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].flatMap(([, ...groups]) => groups.find(Boolean) ?? []);

const settings = all(read('docs/settings.md'), /^\| `(\w+)` \|/gm);
const alarms = ['ingest', 'delivery', 'background', 'statistics'].flatMap((part) =>
  all(read(`lib/constructs/monitoring/alarms-${part}.ts`), /^ {6}id: '(\w+)',/gm),
);

describe.each(pages)('docs/%s', (name) => {
  const page = read(`docs/${name}`);

  it('names only settings that exist', () => {
    const named = all(
      page,
      /`([a-z]+(?:Concurrency|BatchSize|BatchWindow|Days|TokenRound|RateLimit|BurstLimit))`|-c (\w+)=/g,
    );
    expect(settings).toEqual(expect.arrayContaining(named.filter((one) => one !== 'name')));
  });

  it('names only problem codes that exist', () => {
    const named = all(page, /\b(?:4\d\d|50[03])\s`([a-z_]+)`/g);
    expect(Object.keys(problemCodes)).toEqual(expect.arrayContaining(named));
  });

  it('names only alarms that exist', () => {
    const named = all(page, /alarms?\s((?:[A-Z]\w+(?:, )?)+)/g).flatMap((list) =>
      list.split(', ').filter(Boolean),
    );
    expect(alarms).toEqual(expect.arrayContaining(named));
  });
});
