import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleHandler, functionFolder } from '#lib/constructs/function/bundle.ts';
import { operations } from '#openapi/operations.ts';
import { functionsOf, synthesized } from './synthesized.ts';

const names = [
  ...['ingest', 'deliver', 'fan-out', 'api', 'web', 'scheduler', 'bootstrap'],
  ...['tasks', 'quarantine', 'reconcile', 'rollup'],
] as const;
const folder = mkdtempSync(join(tmpdir(), 'hook0-bundles-'));
const bundle = (name: string) => join(folder, name, 'index.mjs');

beforeAll(() => {
  for (const name of names) bundleHandler(functionFolder(name), join(folder, name));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bundles', () => {
  it.each(['ingest', 'deliver'])('of %s are small, because a cold start reads all of it', (name) => {
    expect(bytesAtStart(name)).toBeLessThanOrEqual(450 * 1024);
  });

  it.each(names)('of %s starts without installed packages', async (name) => {
    const environment = Object.values(functionsOf(synthesized())).flatMap(({ Properties }) =>
      Object.keys((Properties.Environment as { Variables: object }).Variables),
    );
    const start = `const { handler } = await import(${JSON.stringify(pathToFileURL(bundle(name)))});
      process.exit(typeof handler === 'function' ? 0 : 1);`;

    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', start], {
      cwd: folder,
      env: {
        ...Object.fromEntries(environment.map((variable) => [variable, '30'])),
        HOOK0_QUEUE_CLASS: 'high',
        HOOK0_ENCRYPTION: 'on',
        AWS_REGION: 'eu-west-1',
      },
    });
  });

  it('load rarely needed code only when they need it', () => {
    const all = readdirSync(join(folder, 'ingest')).map(
      (file) => statSync(join(folder, 'ingest', file)).size,
    );

    // The regular expressions of filters and the validation of payloads.
    expect(all.reduce((sum, size) => sum + size) - bytesAtStart('ingest')).toBeGreaterThan(100 * 1024);
    const ofSchemas = readdirSync(join(folder, 'ingest')).filter((file) =>
      readFileSync(join(folder, 'ingest', file), 'utf8').includes('the keywords of JSON Schema'),
    );
    expect(ofSchemas).toHaveLength(1);
    expect(filesAtStart('ingest')).not.toContain(ofSchemas[0]);
  });

  it('hold the client of KMS only where credentials are decrypted, and load it only then', () => {
    const holding = names.filter((name) => filesOf(name).some((file) => holdsKms(name, file)));

    expect(holding).toEqual(['deliver', 'api']);
    for (const name of holding) expect(filesAtStart(name).filter((file) => holdsKms(name, file))).toEqual([]);
  });

  it('hold only modules, and no path of the machine that built them', () => {
    for (const name of names) {
      const files = readdirSync(join(folder, name));
      expect(files).toContain('index.mjs');
      for (const file of files) {
        expect(file).toMatch(/^(index|chunk-[0-9A-Z]+)\.mjs$/);
        expect(readFileSync(join(folder, name, file), 'utf8')).not.toContain(process.cwd());
      }
    }
  });

  it('hold no texts of the OpenAPI document', () => {
    const sentences = Object.values(operations).flatMap(({ summary, description = '' }) =>
      [summary, description].filter((text) => text.length > 24),
    );
    expect(sentences.length).toBeGreaterThan(20);
    for (const name of names) {
      const code = readFileSync(bundle(name), 'utf8');
      expect(sentences.filter((sentence) => code.includes(sentence))).toEqual([]);
    }
  });

  it('hold no credential provider that Lambda does not use', () => {
    for (const name of names)
      expect(readFileSync(bundle(name), 'utf8')).not.toContain('AssumeRoleWithWebIdentity');
  });

  it('for a debugger lead back to the sources', () => {
    const readable = join(folder, 'readable');
    bundleHandler(functionFolder('ingest'), readable, true);

    expect(readFileSync(join(readable, 'index.mjs'), 'utf8')).toContain(
      '\n//# sourceMappingURL=index.mjs.map',
    );
    const { sources } = JSON.parse(readFileSync(join(readable, 'index.mjs.map'), 'utf8'));
    const files = (sources as string[]).map((source) => resolve(readable, source));
    expect(files).toContain(join(functionFolder('ingest'), 'handler.ts'));
  });

  it('are the same whenever and wherever they are built', () => {
    const again = join(folder, 'again', 'elsewhere');
    bundleHandler(functionFolder('ingest'), again);

    for (const file of readdirSync(again)) {
      expect(readFileSync(join(again, file))).toEqual(readFileSync(join(folder, 'ingest', file)));
    }
  });
});

const filesOf = (name: string): string[] => readdirSync(join(folder, name));

const holdsKms = (name: string, file: string): boolean =>
  readFileSync(join(folder, name, file), 'utf8').includes('TrentService');

function bytesAtStart(name: string): number {
  return filesAtStart(name).reduce((sum, file) => sum + statSync(join(folder, name, file)).size, 0);
}

/** A function's index.mjs and its static imports, without the dynamic ones. */
function filesAtStart(name: string): string[] {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = readFileSync(join(folder, name, file), 'utf8');
    const imported = [...source.matchAll(/(?:from|import)"\.\/(chunk-[0-9A-Z]+\.mjs)"/g)].map(
      ([, chunk = '']) => chunk,
    );
    for (const chunk of imported) visit(chunk);
  };
  visit('index.mjs');
  return [...seen];
}
