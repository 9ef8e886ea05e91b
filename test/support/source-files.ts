import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface SourceFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly source: string;
}

const productFolders = ['adapters', 'bin', 'core', 'demo', 'lambdas', 'lib', 'local', 'openapi', 'sdk/src'];

export function productFiles(root: string): SourceFile[] {
  return read(root, `{${productFolders.join(',')}}/**/*.ts`);
}

export function testFiles(root: string): SourceFile[] {
  return read(root, 'test/**/*.test.ts');
}

export const nameOf = ({ path }: SourceFile): string => basename(path, '.ts');

function read(root: string, pattern: string): SourceFile[] {
  return globSync(pattern, { cwd: root }).map((path) => ({
    path,
    source: readFileSync(join(root, path), 'utf8'),
  }));
}
