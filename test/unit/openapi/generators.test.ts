import { describe, expect, it } from 'vitest';
import { currentDocument } from '#openapi/committed.ts';
import { withDefaultsInText } from '#openapi/defaults.ts';

// What generators of clients stumble over. npm run check:generators runs four of them.

const document = currentDocument();
const { schemas } = document.components as { readonly schemas: Readonly<Record<string, unknown>> };

/** Every object below a value, examples left out, with its path. */
function objectsIn(value: unknown, path: string): [string, Readonly<Record<string, unknown>>][] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, one]) =>
    key === 'example' ? [] : objectsIn(one, `${path}/${key}`),
  );
  return Array.isArray(value) ? inner : [[path, value as Record<string, unknown>], ...inner];
}

/** The schemas of request bodies, and those that they refer to. */
function requestSchemaNames(): readonly string[] {
  const bodies = objectsIn(document.paths, '').filter(([path]) => path.endsWith('/requestBody'));
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    for (const [, { $ref }] of objectsIn(value, '')) {
      const name =
        String($ref ?? '')
          .split('/')
          .at(-1) ?? '';
      if (name === '' || names.has(name)) continue;
      names.add(name);
      visit(schemas[name]);
    }
  };
  for (const [, body] of bodies) visit(body);
  return [...names];
}

describe('the OpenAPI document', () => {
  it('has no default in a request, because generators would make the field required', () => {
    const names = requestSchemaNames();
    expect(names).toEqual(expect.arrayContaining(['EndpointInput', 'FilterInput', 'EventTypePatch']));
    const found = names
      .flatMap((name) => objectsIn(schemas[name], name))
      .filter(([, one]) => 'default' in one);
    expect(found.map(([path]) => path)).toEqual([]);
  });

  it('says of every object what it may hold, because generators take nothing for nothing', () => {
    const closed = objectsIn(document, '').filter(
      ([, one]) =>
        (one.type === 'object' || (Array.isArray(one.type) && one.type.includes('object'))) &&
        !('properties' in one) &&
        !('additionalProperties' in one),
    );
    expect(closed.map(([path]) => path)).toEqual([]);
  });

  it('gives every constant and enum a type, because generators guess a text', () => {
    const bare = objectsIn(document, '').filter(
      ([path, one]) => !path.endsWith('/properties') && ('const' in one || 'enum' in one) && !('type' in one),
    );
    expect(bare.map(([path]) => path)).toEqual([]);
  });
});

describe('withDefaultsInText', () => {
  it('moves each default into the description', () => {
    const properties = {
      size: { type: 'integer', default: 1, description: 'a whole number' },
      filter: {
        anyOf: [{ type: 'object', properties: { logic: { default: 'AND', description: 'One of two.' } } }],
      },
      default: { type: 'string', description: 'a field of this name' },
    };
    expect(withDefaultsInText({ type: 'object', properties })).toEqual({
      type: 'object',
      properties: {
        size: { type: 'integer', description: 'a whole number; default: 1' },
        filter: {
          anyOf: [{ type: 'object', properties: { logic: { description: 'One of two. Default: "AND"' } } }],
        },
        default: { type: 'string', description: 'a field of this name' },
      },
    });
  });
});
