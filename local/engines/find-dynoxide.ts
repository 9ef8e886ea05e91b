import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

const fileName = process.platform === 'win32' ? 'dynoxide.exe' : 'dynoxide';

/**
 * The path of the DynamoDB engine: in the optional package of this platform, else on PATH.
 *
 * @throws Error that names the three ways to have a DynamoDB
 */
export function findDynoxide(path = process.env.PATH ?? ''): string {
  const candidates = [fromPackage(), ...path.split(delimiter).map((folder) => join(folder, fileName))];
  const found = candidates.find((file) => file !== undefined && existsSync(file));
  if (found !== undefined) return found;
  throw new Error(
    `no DynamoDB engine for ${process.platform}-${process.arch}: install the optional package ` +
      `${packageName} (npm install without --omit=optional), or put \`dynoxide\` on PATH, or set DYNAMODB_ENDPOINT ` +
      'to a running DynamoDB, such as DynamoDB Local at http://127.0.0.1:8000',
  );
}

const packageName = `@dynoxide/${process.platform}-${process.arch}`;

function fromPackage(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
    return join(dirname(manifest), fileName);
  } catch {
    return undefined;
  }
}
