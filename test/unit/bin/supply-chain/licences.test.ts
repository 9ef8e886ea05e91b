import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Lock, refusedLicences } from '#bin/supply-chain/licences.ts';

const root = new URL('../../../../', import.meta.url);
const lockOf = (packages: Lock['packages']): Lock => ({ packages });

describe('the licences of installed packages', () => {
  it('are all accepted', () => {
    const lock: Lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8'));

    expect(Object.keys(lock.packages).length).toBeGreaterThan(300);
    expect(refusedLicences(lock)).toEqual([]);
  });

  it.each([
    ['MIT', false],
    ['(MIT OR GPL-3.0-or-later)', false],
    ['Apache-2.0 AND MIT', false],
    ['GPL-3.0-or-later', true],
    ['MIT AND GPL-3.0-or-later', true],
    ['SEE LICENSE IN LICENSE.md', true],
    ['UNLICENSED', true],
    ['MPL-2.0', true],
    [undefined, true],
  ])('%s is refused where it is deployed: %s', (license, isRefused) => {
    const refused = refusedLicences(
      lockOf({ 'node_modules/x': { version: '1.0.0', ...(license && { license }) } }),
    );

    expect(refused).toHaveLength(isRefused ? 1 : 0);
  });

  it('are wider for tools, and do not concern the packages of this repository', () => {
    expect(
      refusedLicences(
        lockOf({
          '': { version: '1.0.0' },
          sdk: { version: '1.0.0' },
          'node_modules/@hook0/sdk': { link: true },
          'node_modules/a/node_modules/tool': { version: '1.0.0', license: 'MPL-2.0', dev: true },
        }),
      ),
    ).toEqual([]);
  });

  it('name the package, its use and what is accepted', () => {
    const lock = lockOf({ 'node_modules/a/node_modules/@b/c': { version: '2.0.0', license: 'AGPL-3.0' } });

    expect(refusedLicences(lock)[0]).toMatch(
      /^@b\/c@2\.0\.0 \(deployed\): AGPL-3\.0; accepted: 0BSD, Apache-2\.0,/,
    );
  });
});
