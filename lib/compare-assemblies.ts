import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A synthesized stack: its template, and the files of each asset by the asset's hash. */
export interface SynthesizedAssembly {
  readonly template: unknown;
  readonly assets: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Reads the folder that the CDK app filled. It holds one stack. */
export function readAssembly(folder: string): SynthesizedAssembly {
  const names = readdirSync(folder);
  const [template] = names.filter((name) => name.endsWith('.template.json'));
  if (template === undefined) throw new Error(`${folder} holds no template`);
  const assets = names
    .filter((name) => name.startsWith('asset.'))
    .map((name) => [name.slice('asset.'.length), filesIn(join(folder, name))] as const);
  return { template: JSON.parse(readFileSync(join(folder, template), 'utf8')), assets: new Map(assets) };
}

function filesIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/**
 * What differs between two assemblies, a line each. Hashes in file names are no difference: a chunk is known by the order in
 * which the code reaches it, an asset by what its files say.
 */
export function compareAssemblies(before: SynthesizedAssembly, now: SynthesizedAssembly): string[] {
  const [codeBefore, codeNow] = [functionCode(before), functionCode(now)];
  const ids = [...new Set([...codeBefore.keys(), ...codeNow.keys()])].sort();
  const bundles = ids.flatMap((id) => {
    const [one, other] = [codeBefore.get(id), codeNow.get(id)];
    if (one === undefined) return [`bundle ${id}: new`];
    if (other === undefined) return [`bundle ${id}: gone`];
    return one === other ? [] : [`bundle ${id}: ${describeChange(one, other)}`];
  });
  return [...bundles, ...differingPaths(withoutHashes(before), withoutHashes(now))];
}

/** The code of each function by its logical id. */
function functionCode({ template, assets }: SynthesizedAssembly): Map<string, string> {
  const resources: Record<string, { Type: string; Properties?: { Code?: { S3Key?: unknown } } }> =
    Object(template).Resources;
  const functions = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  return new Map(
    functions.map(([id, { Properties }]) => {
      const hash = String(Properties?.Code?.S3Key).replace(/\.zip$/, '');
      return [id, normalized(assets.get(hash) ?? new Map())];
    }),
  );
}

const chunkName = /chunk-[0-9A-Z]{8}/g;

/** The files of a bundle in one text, each chunk named by the order in which it is reached from index.mjs. */
function normalized(files: ReadonlyMap<string, string>): string {
  const order = new Map<string, string>();
  const queue = ['index.mjs'];
  for (const name of queue) {
    for (const [chunk] of (files.get(name) ?? '').matchAll(chunkName)) {
      if (order.has(chunk)) continue;
      order.set(chunk, `chunk-${order.size + 1}`);
      queue.push(`${chunk}.mjs`);
    }
  }
  const renamed = (text: string): string => text.replace(chunkName, (chunk) => order.get(chunk) ?? chunk);
  return [...files]
    .map(([name, text]) => `// ${renamed(name)}\n${renamed(text)}`)
    .sort()
    .join('\n');
}

function describeChange(before: string, now: string): string {
  if (before.length !== now.length) return `${now.length - before.length} characters more`;
  const statements = (code: string): string =>
    code
      .split(/[;,{}]/)
      .sort()
      .join('\n');
  return statements(before) === statements(now) ? 'the same statements in another order' : 'other statements';
}

function withoutHashes({ template, assets }: SynthesizedAssembly): unknown {
  const text = [...assets.keys()].reduce(
    (all, hash) => all.replaceAll(hash, 'asset'),
    JSON.stringify(template),
  );
  return JSON.parse(text);
}

function differingPaths(before: unknown, now: unknown, path = 'template'): string[] {
  if (JSON.stringify(before) === JSON.stringify(now)) return [];
  if (typeof before !== 'object' || typeof now !== 'object' || before === null || now === null) {
    return [`${path}: was ${JSON.stringify(before)}, is ${JSON.stringify(now)}`];
  }
  const entries = (value: object): Map<string, unknown> => new Map(Object.entries(value));
  const [one, other] = [entries(before), entries(now)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((key) =>
    differingPaths(one.get(key), other.get(key), `${path}.${key}`),
  );
}
