// Writes src/generated/ from docs/openapi.json and package.json. With --check it writes nothing and fails when a file
// is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import openapi, { astToString } from 'openapi-typescript';
import { operationsText } from './generate/operations.ts';
import type { OpenapiSource, Schema } from './generate/source.ts';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const source: OpenapiSource = JSON.parse(read('../docs/openapi.json'));
const { version }: { version: string } = JSON.parse(read('package.json'));

/** A query is a schema too, so that its type has a name. */
function querySchemas({ paths }: OpenapiSource): Record<string, Schema> {
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  return Object.fromEntries(
    operations.flatMap(({ operationId, parameters = [] }) => {
      const query = parameters.filter((parameter) => parameter.in === 'query');
      if (query.length === 0) return [];
      const properties = query.map(({ name, description, schema }) => [name, { description, ...schema }]);
      const required = query.filter((parameter) => parameter.required === true).map(({ name }) => name);
      const name = `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}Query`;
      return [[name, { type: 'object', properties: Object.fromEntries(properties), required }]];
    }),
  );
}

async function typesText(): Promise<string> {
  const schemas = { ...source.components.schemas, ...querySchemas(source) };
  const types = await openapi(
    { openapi: '3.1.0', info: { title: '', version }, paths: {}, components: { schemas } },
    {
      immutable: true,
      // A parameter of a query has a default, and need not be given.
      defaultNonNullable: false,
      rootTypes: true,
      rootTypesNoSchemaPrefix: true,
    },
  );
  return astToString(types);
}

const files: Readonly<Record<string, string>> = {
  'api-types.ts': await typesText(),
  'operations.ts': operationsText(source),
  'version.ts': `/** This package's version. */\nexport const version = '${version}';\n`,
};
const isCheck = process.argv.includes('--check');
for (const [name, text] of Object.entries(files)) {
  const path = `src/generated/${name}`;
  const written = `// Made by \`npm run sdk:types\`. Do not edit.\n\n${text}`;
  if (!isCheck) writeFileSync(new URL(path, import.meta.url), written);
  else if (read(path) !== written) {
    process.stderr.write(`sdk/${path} is out of date: run npm run sdk:types\n`);
    process.exitCode = 1;
  }
}
