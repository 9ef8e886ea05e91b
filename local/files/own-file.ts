import { chmodSync, closeSync, openSync } from 'node:fs';

/**
 * Makes a file that only its owner can read and write, empty unless it exists, and returns its path. SQLite gives the
 * files that it puts beside a database the mode of the database.
 */
export function ownFile(path: string): string {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    // A file that exists is not opened, because closing it would release the locks that SQLite has on it in this process.
    chmodSync(path, 0o600);
  }
  return path;
}
