import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/api.md', root), 'utf8');
const { paths } = JSON.parse(readFileSync(new URL('docs/openapi.json', root), 'utf8'));
const methods = ['get', 'post', 'put', 'patch', 'delete'];

const none = '–';
const row = (request: string, scope = none, capability = none): string =>
  `${request} | ${scope} | ${capability}`;

describe('docs/api.md', () => {
  it('lists every request with its scope and capability, and no other', () => {
    const listed = [...page.matchAll(/^\| `([A-Z]+ \/[^`]*)` +\| (\S+) +\| `?([a-z:–]+)`? +\|/gm)].map(
      ([, request = '', scope, capability]) => row(request, scope, capability),
    );
    const existing = Object.entries<Record<string, Record<string, string>>>(paths).flatMap(
      ([path, operations]) =>
        Object.entries(operations).flatMap(([method, operation]) =>
          methods.includes(method)
            ? row(`${method.toUpperCase()} ${path}`, operation['x-scope'], operation['x-capability'])
            : [],
        ),
    );
    expect(listed.sort()).toEqual(existing.sort());
  });
});
