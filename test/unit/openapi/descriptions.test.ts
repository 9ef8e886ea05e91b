import { describe, expect, it } from 'vitest';
import { currentDocument } from '#openapi/committed.ts';
import { withDescriptions } from '#openapi/descriptions.ts';

const document: unknown = currentDocument();

interface Found {
  readonly path: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Every object in the document, examples left out, with its path. */
function* objectsIn(value: unknown, path = ''): Generator<Found> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield { path, value: value as Record<string, unknown> };
  for (const [key, inner] of Object.entries(value)) {
    if (key !== 'example') yield* objectsIn(inner, `${path}/${key}`);
  }
}
const objects = [...objectsIn(document)];
const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 3;

describe('the OpenAPI document', () => {
  it('describes every operation', () => {
    const operations = objects.filter(({ value }) => 'operationId' in value);
    expect(operations.length).toBeGreaterThan(50);
    expect(operations.filter(({ value }) => !isText(value.description) || !isText(value.summary))).toEqual(
      [],
    );
  });

  it('describes every parameter', () => {
    const parameters = objects.filter(({ value }) => 'in' in value && 'schema' in value);
    expect(parameters.length).toBeGreaterThan(50);
    expect(parameters.filter(({ value }) => !isText(value.description))).toEqual([]);
  });

  it('describes every property', () => {
    const properties = objects.filter(
      ({ path }) => /\/properties\/[^/]+$/.test(path) && path.startsWith('/components/schemas/'),
    );
    expect(properties.length).toBeGreaterThan(300);
    expect(properties.filter(({ value }) => !isText(value.description))).toEqual([]);
  });
});

describe('withDescriptions', () => {
  it('refuses a property without a description, and a meaning without a property', () => {
    const schemas = { Thing: { type: 'object', properties: { colour: { type: 'string' } } } };
    expect(() => withDescriptions(schemas)).toThrow(
      /^openapi\/descriptions.ts lacks Thing.colour, and has no use for/,
    );
  });
});
