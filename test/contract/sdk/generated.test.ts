import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hook0-generated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const user = `
import type { paths } from './generated.js';
type Body<Path extends keyof paths> = paths[Path] extends { post: { requestBody?: { content: { 'application/json': infer T } } } } ? T : never;

export const endpoint: Body<'/api/endpoints'> = {
  ...{ name: 'Orders', url: 'https://a.example.com', events: ['order.*'], metadata: { plan: { name: 'gold' } } },
  filters: { conditions: [{ field: 'payload.n', operator: 'gt', value: 1 }] },
};
export const eventType: Body<'/api/event-types'> = {
  name: 'order.created',
  schema: { type: 'object', required: ['n'], properties: { n: { type: 'number' } } },
};
export const event: Body<'/api/events'> = { type: 'order.created', payload: { n: 2 }, options: { tags: ['a'] } };
// @ts-expect-error the URL is missing
export const incomplete: Body<'/api/endpoints'> = { name: 'Orders', events: ['order.*'] };
`;

it('what openapi-typescript makes of the document, with its own defaults, compiles and creates things', async () => {
  const run = promisify(execFile);
  const generator = join(root, 'sdk/node_modules/.bin/openapi-typescript');
  await run(generator, [join(root, 'docs/openapi.json'), '-o', join(folder, 'generated.ts')]);
  writeFileSync(join(folder, 'user.ts'), user);
  const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', lib: ['es2022'], types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['user.ts'] }));
  const compiled = run(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).catch(({ stdout }) => ({
    stdout,
  }));
  expect((await compiled).stdout).toBe('');
});
