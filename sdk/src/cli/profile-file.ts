import { chmodSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Hook0Error } from '../errors.ts';
import type { ProfileFile } from './shell/profiles.ts';

/** The file with the profiles: where `HOOK0_CONFIG` says, or else in the folder for settings of this system. */
export function profileFile(
  env: Readonly<Record<string, string | undefined>>,
  platform: string,
): ProfileFile {
  const path = env.HOOK0_CONFIG ?? join(settingsFolder(env, platform), 'hook0', 'profiles.json');
  return {
    path,
    read: () => {
      try {
        checkMode(path, platform);
        return readFileSync(path, 'utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw readable(path, error);
      }
    },
    write: (text) => {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        // A crash must not leave half of a file.
        const draft = `${path}.${process.pid}`;
        writeFileSync(draft, text, { mode: 0o600 });
        chmodSync(draft, 0o600);
        renameSync(draft, path);
      } catch (error) {
        throw readable(path, error);
      }
    },
  };
}

function settingsFolder(env: Readonly<Record<string, string | undefined>>, platform: string): string {
  if (platform === 'win32' && env.APPDATA) return env.APPDATA;
  return env.XDG_CONFIG_HOME || join(homedir(), '.config');
}

/** The file holds tokens. Windows has no modes. */
function checkMode(path: string, platform: string): void {
  if (platform === 'win32' || (statSync(path).mode & 0o077) === 0) return;
  throw new Hook0Error(`${path} holds tokens, and other users may read it: run chmod 600 ${path}`);
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

function readable(path: string, error: unknown): Hook0Error {
  if (error instanceof Hook0Error) return error;
  return new Hook0Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });
}
