import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** Attributes by name; those of a map lie below its own name. */
type Names = Map<string, Names>;

/**
 * The keys of all items in a table, and below each the names of their attributes, with those of a map in brackets.
 * What is different in each item of a kind, such as an id, stands as `<endpoint>` or the like.
 */
export async function itemShapes(client: DynamoDBClient, TableName: string): Promise<string> {
  const shapes: Names = new Map();
  for await (const { Items = [] } of paginateScan({ client }, { TableName })) {
    for (const item of Items) {
      const { pk, sk, ...attributes } = unmarshall(item);
      addNames({ [patternOf(`${pk} ${sk}`)]: attributes }, shapes);
    }
  }
  return sorted(shapes)
    .map(([key, names]) => `${key}\n${lines(sorted(names).map(textOf))}`)
    .join('\n');
}

const variable: readonly (readonly [RegExp, string])[] = [
  [/\b(?:acme|default|removed)\b/g, '<application>'],
  [/\bep_\w{26}\b/g, '<endpoint>'],
  [/\bevt_\w{26}\b/g, '<event>'],
  [/\btok_\w{26}\b/g, '<token>'],
  [/\btsk_\w{26}\b/g, '<task>'],
  [/\b[0-9a-f]{64}\b/g, '<hash>'],
  [/#\d{16}\b/g, '#<version>'],
  [/#\d{4}-\d{2}-\d{2}T\d{2}\b/g, '#<hour>'],
  [/#\d+\b/g, '#<number>'],
];

const patternOf = (key: string): string =>
  variable.reduce((pattern, [form, name]) => pattern.replace(form, name), key);

function addNames(attributes: object, names: Names): void {
  for (const [name, value] of Object.entries(attributes)) {
    const below: Names = names.get(name) ?? new Map();
    names.set(name, below);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (typeof one === 'object' && !(one instanceof Uint8Array)) addNames(one, below);
    }
  }
}

const sorted = (names: Names): [string, Names][] => [...names].sort(([a], [b]) => (a < b ? -1 : 1));

function textOf([name, below]: [string, Names]): string {
  return below.size === 0 ? name : `${name}(${sorted(below).map(textOf).join(' ')})`;
}

/** The words in lines of at most 100 characters. */
const lines = (words: readonly string[]): string =>
  words
    .join(' ')
    .replace(/(.{1,96})(?: |$)/g, '  $1\n')
    .trimEnd();
