import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string }[];
  readonly licenses?: readonly object[];
}

it('the bill of materials names each package that is deployed, with version, hash and licence', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/sbom.ts'], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const bill = JSON.parse(stdout) as {
    bomFormat: string;
    specVersion: string;
    metadata: { component: Component };
    components: Component[];
  };
  const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const byName = new Map(bill.components.map((component) => [component.name, component]));

  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.5' });
  expect(bill.metadata.component).toMatchObject({ name: 'hook0-aws', type: 'application' });
  for (const [name, version] of Object.entries(dependencies)) {
    expect(byName.get(name)).toMatchObject({ version, purl: expect.stringContaining(`@${version}`) });
    expect(byName.get(name)?.hashes).toContainEqual(expect.objectContaining({ alg: 'SHA-512' }));
    expect(byName.get(name)?.licenses?.length).toBeGreaterThan(0);
  }
  expect(byName.has('vitest')).toBe(false);
});
