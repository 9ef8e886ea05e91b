import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { profileFile } from '#sdk/src/cli/profile-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'hook0-profiles-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the file with the profiles', () => {
  it('can be read by its owner only, and is replaced as a whole', () => {
    const file = profileFile({ XDG_CONFIG_HOME: folder }, 'linux');
    expect(file.path).toBe(join(folder, 'hook0', 'profiles.json'));
    expect(file.read()).toBeUndefined();
    file.write('one');
    file.write('two');
    expect(file.read()).toBe('two');
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file.path)).mode & 0o777).toBe(0o700);
    expect(readdirSync(dirname(file.path))).toEqual(['profiles.json']);
  });

  it('is refused when other users may read it', () => {
    const file = profileFile({ HOOK0_CONFIG: join(folder, 'own.json') }, 'linux');
    file.write('{}');
    chmodSync(file.path, 0o644);
    expect(() => file.read()).toThrow(
      `${file.path} holds tokens, and other users may read it: run chmod 600`,
    );
  });

  it('says where it should be when it cannot be written', () => {
    const path = join(folder, 'missing', 'x');
    const file = profileFile({ HOOK0_CONFIG: join(path, 'y') }, 'linux');
    file.write('a');
    const below = profileFile({ HOOK0_CONFIG: join(path, 'y', 'z') }, 'linux');
    expect(() => below.write('b')).toThrow(`${join(path, 'y', 'z')}: `);
    expect(profileFile({ APPDATA: 'C:/Users/a' }, 'win32').path).toContain('C:/Users/a');
  });
});
