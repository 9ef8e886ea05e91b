import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { productFiles } from '#test/support/source-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Written by a command, or the command's own text of what it writes.
const generated = new Set(['sdk/src/generated/api-types.ts', 'lib/settings/settings-documents.ts']);
const longestFile = 300;

// Folders that share names: each of the others stands alone and has a language of its own.
const shared = new Set(['adapters', 'core', 'lambdas', 'openapi']);

function roomOf(path: string): string {
  const [top = ''] = path.split('/');
  return shared.has(top) ? 'product' : top;
}

it('gives an exported type name one meaning', () => {
  const declared = productFiles(root)
    .filter(({ path }) => !generated.has(path))
    .flatMap(({ path, source }) =>
      [...source.matchAll(/^export (?:abstract )?(?:interface|type|class) (\w+)/gm)].map(([, name]) => ({
        path,
        name: `${roomOf(path)} ${name}`,
      })),
    );
  const twice = [...Map.groupBy(declared, ({ name }) => name)].filter(([, places]) => places.length > 1);

  expect(twice.map(([name, places]) => `${name}: ${places.map(({ path }) => path).join(', ')}`)).toEqual([]);
});

it(`keeps every file within ${longestFile} lines`, () => {
  const files = globSync('{adapters,bench,bin,core,demo,lambdas,lib,local,openapi,sdk/src,test}/**/*.ts', {
    cwd: root,
  });
  const long = files
    .filter((path) => !generated.has(path))
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > longestFile);

  expect(long).toEqual([]);
});
