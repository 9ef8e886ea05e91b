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
 * What differs between two assemblies, a line each. Hashes of chunks and assets are not a difference, nor are the order of
 * modules in a bundle and the short local names that the minifier derives from it: both change when a file moves.
 */
export function compareAssemblies(before: SynthesizedAssembly, now: SynthesizedAssembly): string[] {
  const [codeBefore, codeNow] = [functionCode(before), functionCode(now)];
  const ids = [...new Set([...codeBefore.keys(), ...codeNow.keys()])].sort();
  const bundles = ids.flatMap((id) => {
    const [one, other] = [codeBefore.get(id), codeNow.get(id)];
    if (one === undefined) return [`bundle ${id}: new`];
    if (other === undefined) return [`bundle ${id}: gone`];
    const change = describeChange(one, other);
    return change === undefined ? [] : [`bundle ${id}: ${change}`];
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

function describeChange(before: string, now: string): string | undefined {
  const [one, other] = [statements(before), statements(now)];
  const left = Map.groupBy(one, (statement) => statement);
  const added = other.filter((statement) => left.get(statement)?.pop() === undefined);
  const removed = [...left.values()].flat();
  if (removed.length + added.length === 0) return undefined;
  const shown = (list: string[]): string =>
    list
      .slice(0, 5)
      .map((text) => text.slice(0, 120))
      .join(' | ');
  return `${removed.length} statements gone (${shown(removed)}), ${added.length} new (${shown(added)})`;
}

/**
 * The statements of a bundle in a fixed order, without what the order of modules decides: the short names that the minifier
 * gives, and what chunks import from each other.
 */
function statements(code: string): string[] {
  return code
    .replace(/^\/\/.*$|\b(import|export)\{[^}]*\}(from"[^"]*")?|\bimport"[^"]*"/gm, '')
    .replace(/(?<![\w$"']|(?<!\.\.)\.)[A-Za-z_$][\w$]{0,2}(?![\w$])/g, '_')
    .split(/[;,{}]|\b_ (?=_)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .sort();
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
