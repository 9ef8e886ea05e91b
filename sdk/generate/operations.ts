import type { Content, OpenapiSource, Operation, Schema } from './source.ts';

/** What a client of this API does not call: pages to read, the requests of the original Hook0, and an endless answer. */
const isLeftOut = ({ operationId, tags }: Operation): boolean =>
  tags.some((tag) => tag === 'service' || tag === 'original Hook0') || operationId === 'streamMetrics';

/**
 * The source text of the table of operations: method, path, and the shape of each answer, by its status.
 *
 * A shape names the members that an answer must have, with their JSON types, so that the client can tell an answer of
 * the API from the page of a proxy. Formats, limits and enums are left out, because a newer deployment may extend them.
 */
export function operationsText({ paths, components: { schemas } }: OpenapiSource): string {
  const operations = Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    )
    .filter((operation) => !isLeftOut(operation))
    .map(({ operationId, method, path, responses }) => ({
      id: operationId,
      method: method.toUpperCase(),
      path,
      answers: Object.entries(responses)
        .filter(([status]) => status.startsWith('2'))
        .map(([status, { content }]) => [status, answerOf(content)] as const),
    }));
  const shapes = new Map<string, string>();
  for (const [, name] of operations.flatMap(({ answers }) => answers)) {
    if (name !== '' && name !== 'text') addShape(name, schemas, shapes);
  }
  const names = [...new Set(operations.flatMap(({ answers }) => answers.map(([, name]) => name)))]
    .filter((name) => name !== '' && name !== 'text')
    .sort();
  return `import type {
${names.map((name) => `  ${name},\n`).join('')}} from './api-types.ts';

/** What each operation answers, by status. */
export interface Answers {
${operations.map(({ id, answers }) => `  readonly ${id}: { ${answers.map(([status, name]) => `readonly ${status}: ${typeOf(name)}`).join('; ')} };\n`).join('')}}

export interface Operation {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** The shape of the answer by its status; \`text\`, or nothing when there is no body. */
  readonly answers: Readonly<Record<number, string>>;
}

export const operations: Readonly<Record<keyof Answers, Operation>> = {
${operations.map(({ id, method, path, answers }) => `  ${id}: { method: '${method}', path: '${path}', answers: { ${answers.map(([status, name]) => `${status}: '${name}'`).join(', ')} } },\n`).join('')}};

/** The members that an answer must have, with their JSON types. \`Name\` is a shape, and \`Name[]\` a list of them. */
export const shapes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
${[...shapes]
  .sort()
  .map(([name, members]) => `  ${name}: { ${members} },\n`)
  .join('')}};
`;
}

function answerOf(content: Content | undefined): string {
  if (content === undefined) return '';
  const schema = content['application/json']?.schema;
  if (schema?.$ref !== undefined) return nameOf(schema.$ref);
  if (content['application/json'] === undefined) return 'text';
  throw new Error('an answer has a schema without a name; give it one in openapi/components.ts');
}

const typeOf = (name: string): string => (name === '' ? 'undefined' : name === 'text' ? 'string' : name);
const nameOf = (reference: string): string => reference.replace('#/components/schemas/', '');

function addShape(
  name: string,
  schemas: OpenapiSource['components']['schemas'],
  shapes: Map<string, string>,
): void {
  const schema = schemas[name];
  if (schema === undefined)
    throw new Error(`docs/openapi.json refers to the schema ${name}, which it does not have`);
  if (shapes.has(name)) return;
  const members = membersOf(schema);
  shapes.set(name, members.map(([member, kinds]) => `${member}: '${kinds}'`).join(', '));
  for (const [, kinds] of members) {
    for (const [, nested] of kinds.matchAll(/([A-Z]\w*)/g)) addShape(String(nested), schemas, shapes);
  }
}

/** The members that every form of the schema requires. */
function membersOf(schema: Schema): (readonly [string, string])[] {
  const [first, ...others] = schema.anyOf ?? [schema];
  return (first?.required ?? []).flatMap((member) => {
    const inAll = others.every((form) => form.required?.includes(member));
    const kinds = kindsOf(first?.properties?.[member] ?? {});
    return inAll && kinds !== undefined ? [[member, kinds] as const] : [];
  });
}

/** The JSON types that a value may have, separated by `|`, or undefined when every value is possible. */
function kindsOf(schema: Schema): string | undefined {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if (schema.anyOf !== undefined) return anyOf(schema.anyOf.map(kindsOf));
  if (typeof schema.const === 'boolean') return String(schema.const);
  if (Array.isArray(schema.type)) return anyOf(schema.type.map((type) => kindsOf({ ...schema, type })));
  if (schema.type === 'integer') return 'number';
  if (schema.type === 'array' && schema.items?.$ref !== undefined) return `${nameOf(schema.items.$ref)}[]`;
  return typeof schema.type === 'string' ? schema.type : undefined;
}

const anyOf = (kinds: readonly (string | undefined)[]): string | undefined =>
  kinds.includes(undefined) ? undefined : [...new Set(kinds)].join('|');
