import * as z from 'zod/mini';
import { idPatterns } from '#core/id/ids.ts';

// Parts of the schemas of answers. Only the OpenAPI document and the tests use them, because no function checks its own
// answers. Code of functions imports types from them and nothing else, so that bundles do not hold them.

/** The type of an answer, by its schema. */
export type ViewOf<Schema extends z.ZodMiniType> = DeepReadonly<z.infer<Schema>>;

type DeepReadonly<Type> = Type extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : Type extends object
    ? { readonly [Key in keyof Type]: DeepReadonly<Type[Key]> }
    : Type;

/** An instant, ISO 8601 in UTC. */
export const time = () => z.iso.datetime();

export const id = (kind: keyof typeof idPatterns) => z.string().check(z.regex(idPatterns[kind]));

/** Says what a field means. */
export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  return schema.check(z.describe(description));
}

/** A count, or a duration in milliseconds. */
export const count = () => z.int().check(z.gte(0));

/** JSON that the application defines. */
export const freeObject = () => z.record(z.string(), z.unknown());
