import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleHandler, functionFolder } from '../../lib/constructs/bundle.ts';
import { functionsOf, synthesized } from './synthesized.ts';

const names = ['ingest', 'deliver', 'fan-out', 'control', 'scheduler', 'bootstrap'] as const;
const folder = mkdtempSync(join(tmpdir(), 'hook0-bundles-'));
const bundle = (name: string) => join(folder, name, 'index.mjs');

beforeAll(() => {
  for (const name of names) bundleHandler(functionFolder(name), join(folder, name));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bundles', () => {
  it.each(['ingest', 'deliver'])('of %s stay small: cold starts pay for every kilobyte', (name) => {
    expect(statSync(bundle(name)).size).toBeLessThanOrEqual(450 * 1024);
  });

  it.each(names)('of %s starts with nothing installed beside it', async (name) => {
    const environment = Object.values(functionsOf(synthesized())).flatMap(({ Properties }) =>
      Object.keys((Properties.Environment as { Variables: object }).Variables),
    );
    const start = `const { handler } = await import(${JSON.stringify(pathToFileURL(bundle(name)))});
      process.exit(typeof handler === 'function' ? 0 : 1);`;

    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', start], {
      cwd: folder,
      env: {
        AWS_REGION: 'eu-west-1',
        ...Object.fromEntries(environment.map((variable) => [variable, '30'])),
      },
    });
  });

  it('hold one file and no path of the machine that built them', () => {
    for (const name of names) {
      expect(readdirSync(join(folder, name))).toEqual(['index.mjs']);
      expect(readFileSync(bundle(name), 'utf8')).not.toContain(process.cwd());
    }
  });

  it('hold no way to credentials that Lambda never takes', () => {
    for (const name of names)
      expect(readFileSync(bundle(name), 'utf8')).not.toContain('AssumeRoleWithWebIdentity');
  });

  it('come out the same whenever and wherever they are built', () => {
    bundleHandler(functionFolder('deliver'), join(folder, 'again', 'elsewhere'));

    expect(readFileSync(join(folder, 'again', 'elsewhere', 'index.mjs'))).toEqual(
      readFileSync(bundle('deliver')),
    );
  });
});
