import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isObject } from '../json/json.ts';
import type { TemplateResource } from './template.ts';

/** Absolute paths of the stack's file assets, by their object key in the assets bucket. */
export type Assets = ReadonlyMap<string, string>;

export type FunctionCode =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'inline'; readonly source: string };

/** Reads the stack's assets manifest, which `cdk synth` writes beside the template. */
export async function readAssets(assembly: string, stackName: string): Promise<Assets> {
  const file = join(assembly, `${stackName}.assets.json`);
  const manifest: unknown = JSON.parse(await readFile(file, 'utf8'));
  const files = isObject(manifest) && isObject(manifest.files) ? Object.values(manifest.files) : [];
  return new Map(files.flatMap((asset) => pathsOf(asset, assembly)));
}

/**
 * The code that a function's `Code` property names.
 *
 * @throws Error when the code is neither inline nor one of the assets
 */
export function codeOf(logicalId: string, resource: TemplateResource, assets: Assets): FunctionCode {
  const code = resource.Properties?.Code;
  if (isObject(code)) {
    if (typeof code.ZipFile === 'string') return { kind: 'inline', source: code.ZipFile };
    const path = typeof code.S3Key === 'string' ? assets.get(code.S3Key) : undefined;
    if (path !== undefined) return { kind: 'directory', path };
  }
  throw new Error(
    `${logicalId}: its code ${JSON.stringify(code)} is not one of the stack's ${assets.size} assets; run cdk synth again`,
  );
}

function pathsOf(asset: unknown, assembly: string): (readonly [string, string])[] {
  if (!isObject(asset) || !isObject(asset.source) || !isObject(asset.destinations)) return [];
  const path = asset.source.path;
  if (typeof path !== 'string') return [];
  return Object.values(asset.destinations).flatMap((destination) => {
    const key = isObject(destination) ? destination.objectKey : undefined;
    return typeof key === 'string' ? [[key, resolve(assembly, path)] as const] : [];
  });
}
