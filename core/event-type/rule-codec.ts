import type { EventTypeRule } from './event-type.ts';

const ruleSchema = 1;

/** A rule as JSON: version of this form, name, whether it is archived, and the version of its schema if it has one. */
export type EncodedRule = readonly [schema: number, name: string, archived: boolean, schemaVersion?: number];

export function encodeRule({ name, archived, schemaVersion }: EventTypeRule): EncodedRule {
  return schemaVersion === undefined
    ? [ruleSchema, name, archived]
    : [ruleSchema, name, archived, schemaVersion];
}

/** @throws Error when the value is not an encoded rule of this release */
export function decodeRule(encoded: unknown): EventTypeRule {
  if (!isEncodedRule(encoded)) {
    const received = JSON.stringify(encoded)?.slice(0, 100);
    throw new Error(
      `expected an encoded event type rule of version ${ruleSchema}, got ${received}; deploy the release that wrote it`,
    );
  }
  const [, name, archived, schemaVersion] = encoded;
  return { name, archived, ...(schemaVersion !== undefined && { schemaVersion }) };
}

function isEncodedRule(value: unknown): value is EncodedRule {
  if (!Array.isArray(value)) return false;
  const [schema, name, archived, schemaVersion] = value;
  return (
    schema === ruleSchema &&
    typeof name === 'string' &&
    typeof archived === 'boolean' &&
    (schemaVersion === undefined || typeof schemaVersion === 'number')
  );
}
