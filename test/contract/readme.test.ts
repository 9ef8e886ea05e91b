import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ingestRoutes } from '../../lambdas/ingest/routes.ts';
import { startControl } from '../support/control.ts';
import { startDatabase, type TestDatabase } from '../support/dynamodb.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});
afterAll(() => database.stop());

const root = new URL('../../', import.meta.url);
const readme = readFileSync(new URL('README.md', root), 'utf8');

/** `POST`, `GET /a/{id}/b`, `/c`: both methods for the first path, the last one's for what follows it. */
function requestsIn(cell: string): string[] {
  const requests: string[] = [];
  let methods: string[] = [];
  let isComplete = false;
  let last = '';
  for (const [, text = ''] of cell.matchAll(/`([^`]+)`/g)) {
    const [, method, given] = /^([A-Z]+)?\s*(\/.*)?$/.exec(text) ?? [];
    if (method !== undefined) methods = isComplete ? [method] : [...methods, method];
    isComplete = given !== undefined;
    if (given === undefined) continue;
    // A path of one segment takes the place of the last segment before it.
    const isSibling = method === undefined && /^\/[a-z-]+$/.test(given);
    last = isSibling ? last.replace(/\/[^/]+$/, given) : given;
    requests.push(...methods.map((one) => `${one} ${last}`));
  }
  return requests;
}

describe('the README', () => {
  it('names every request that there is, and no other', async () => {
    const { routes } = await startControl(database);
    const [, table = ''] = /^\| request +\|[^\n]*\n\|[- |]+\n((?:\|.*\n)+)/m.exec(readme) ?? [];
    const named = table.split('\n').flatMap((row) => requestsIn(row.split('|')[1] ?? ''));
    // The reference page's own files are nothing to call.
    const callable = routes.filter(({ path }) => path !== '/docs/{file}');
    const existing = [...callable, ...ingestRoutes].map(
      ({ method, path }) =>
        `${method} ${path.replace(/\{\w+\}/g, (name) => (/eventType|name/i.test(name) ? '{name}' : '{id}'))}`,
    );
    expect(named.sort()).toEqual(existing.sort());
  });

  it('leads to every document, and nowhere else', () => {
    const links = [...readme.matchAll(/\]\(((?!https?:)[^)#]+)/g)].map(([, path = '']) => path);
    expect(links.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
    const documents = readdirSync(new URL('docs', root)).filter((name) => name.endsWith('.md'));
    expect(links).toEqual(expect.arrayContaining(documents.map((name) => `docs/${name}`)));
  });
});
