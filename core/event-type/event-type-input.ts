import * as z from 'zod/mini';
import { typeSchema } from '#core/event/event-schema.ts';
import { isObject, type JsonObject, mergePatch, withoutNulls } from '#core/json/merge-patch.ts';
import { schemaLimits } from '#core/json-schema/limits.ts';
import { readSchema, type Validator } from '#core/json-schema/validate.ts';
import type { FieldError } from '#core/problem/problem.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { formatPath } from '#core/validation/path.ts';
import { fields, text, yesOrNo } from '#core/validation/schemas.ts';
import { fieldError, problemOf, validate } from '#core/validation/validate.ts';
import type { EventType } from './event-type.ts';

export const exampleBytes = 16 * 1024;

const anySchema = `a JSON Schema (2020-12 or draft-07) of at most ${schemaLimits.bytes} bytes`;

export const jsonSchemaSchema = z.custom<unknown>((value) => isObject(value) || typeof value === 'boolean', {
  error: anySchema,
  params: { accepted: anySchema },
});
export const exampleSchema = z.unknown();

const changeable = {
  description: z.optional(text(1, 1_000)),
  schema: z.optional(jsonSchemaSchema),
  example: z.optional(exampleSchema),
  archived: z._default(yesOrNo(), false),
};

export const eventTypeChangeSchema = fields(changeable);

export const eventTypeSchema = fields({
  name: typeSchema,
  ...changeable,
});

/** A new type. @param now - epoch milliseconds. @throws Problem `validation_failed` */
export function newEventType(
  applicationId: string,
  body: unknown,
  regex: RegexEngine,
  now: number,
): EventType {
  const value = isObject(body) ? withoutNulls(body) : body;
  const { name, ...rest } = validate({ schema: eventTypeSchema, value, received: body });
  return { applicationId, name, ...checked(rest, regex), createdAt: now, updatedAt: now };
}

/**
 * The type after a merge patch (RFC 7396), which replaces `schema` and `example` as a whole.
 *
 * @param now - epoch milliseconds.
 * @throws Problem `validation_failed`
 */
export function changedEventType(
  eventType: EventType,
  body: unknown,
  regex: RegexEngine,
  now: number,
): EventType {
  const { applicationId, name, createdAt } = eventType;
  const value = isObject(body) ? patched(givenOf(eventType), body) : body;
  const input = validate({
    schema: eventTypeChangeSchema,
    value,
    received: isObject(body) ? { ...body } : body,
  });
  return { applicationId, name, ...checked(input, regex), createdAt, updatedAt: now };
}

function patched(given: JsonObject, body: JsonObject): unknown {
  const merged = mergePatch(given, body);
  const wholes = ['schema', 'example'].filter((key) => Object.hasOwn(body, key) && body[key] !== null);
  return isObject(merged)
    ? { ...merged, ...Object.fromEntries(wholes.map((key) => [key, body[key]])) }
    : merged;
}

/** A type in the form of a body. */
function givenOf({ description, schema, example, archived }: EventType): JsonObject {
  return {
    ...(description !== undefined && { description }),
    ...(schema !== undefined && { schema: JSON.parse(schema) }),
    ...(example !== undefined && { example: JSON.parse(example) }),
    archived,
  };
}

type Input = z.infer<typeof eventTypeChangeSchema>;
type Configured = Pick<EventType, 'description' | 'schema' | 'example' | 'archived'>;

function checked({ description, schema, example, archived }: Input, regex: RegexEngine): Configured {
  const schemaText = schema === undefined ? undefined : JSON.stringify(schema);
  const exampleText = example === undefined ? undefined : JSON.stringify(example);
  if (exampleText !== undefined) checkExampleSize(exampleText);
  const validator = schemaText === undefined ? undefined : validatorOf(schemaText, regex);
  if (validator !== undefined && exampleText !== undefined) checkExample(validator, example);
  return {
    ...(description !== undefined && { description }),
    ...(schemaText !== undefined && { schema: schemaText }),
    ...(exampleText !== undefined && { example: exampleText }),
    archived,
  };
}

function validatorOf(schemaText: string, regex: RegexEngine): Validator {
  const reading = readSchema(schemaText, regex);
  if (reading.ok) return reading.validator;
  throw problemOf(
    reading.problems.map(({ pointer, received, accepted }): FieldError => {
      const message = `received ${received}${pointer === '' ? '' : ` at ${pointer}`}; accepted: ${accepted}`;
      return { field: 'schema', pointer, message, accepted };
    }),
  );
}

function checkExampleSize(exampleText: string): void {
  const bytes = Buffer.byteLength(exampleText);
  if (bytes <= exampleBytes) return;
  throw problemOf([fieldError(['example'], `${bytes} bytes as JSON`, `at most ${exampleBytes}`)]);
}

/** An example has to match the schema, because producers copy it. */
function checkExample(validator: Validator, example: unknown): void {
  const violations = validator(example);
  if (violations.length === 0) return;
  throw problemOf(
    violations.map(
      ({ path, pointer, received, accepted }): FieldError => ({
        field: formatPath(['example', ...path]),
        pointer,
        message: `received ${received}; accepted: ${accepted} (by the schema)`,
        accepted,
      }),
    ),
  );
}
