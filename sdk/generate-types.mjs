// Writes src/api-types.ts: the type of each schema and of each operation's query in docs/openapi.json.
// With --check it writes nothing and fails when the file is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import openapi, { astToString } from 'openapi-typescript';

const source = new URL('../docs/openapi.json', import.meta.url);
const target = new URL('src/api-types.ts', import.meta.url);

const { openapi: version, info, paths, components } = JSON.parse(readFileSync(source, 'utf8'));

// A query is a schema too, so that its type has a name. The rest of an operation is the client's own work.
const queries = Object.values(paths)
  .flatMap((path) => Object.values(path))
  .map(({ operationId, parameters = [] }) => ({
    name: `${operationId[0].toUpperCase()}${operationId.slice(1)}Query`,
    parameters: parameters.filter((parameter) => parameter.in === 'query'),
  }))
  .filter(({ parameters }) => parameters.length > 0)
  .map(({ name, parameters }) => [
    name,
    {
      type: 'object',
      properties: Object.fromEntries(
        parameters.map(({ name, description, schema }) => [name, { description, ...schema }]),
      ),
      required: parameters.filter(({ required }) => required).map(({ name }) => name),
    },
  ]);
const schemas = { ...components.schemas, ...Object.fromEntries(queries) };
const options = {
  immutable: true,
  defaultNonNullable: false,
  emptyObjectsUnknown: true,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
};
const types = astToString(
  await openapi({ openapi: version, info, paths: {}, components: { schemas } }, options),
);
const text = `// Made from docs/openapi.json by \`npm run sdk:types\`. Do not edit.\n\n${types}`;

if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write('sdk/src/api-types.ts does not match docs/openapi.json: run npm run sdk:types\n');
  process.exitCode = 1;
}
