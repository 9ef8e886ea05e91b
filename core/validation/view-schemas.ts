import * as z from 'zod/mini';
import { idPatterns } from '#core/id/ids.ts';

// What answers are made of. Only the API's description and its tests read such schemas: no function judges its own
// answers, so none of this may reach a bundle.

/** An instant, ISO 8601 in UTC. */
export const time = () => z.iso.datetime();

export const id = (kind: keyof typeof idPatterns) => z.string().check(z.regex(idPatterns[kind]));

/** Says what a field means. */
export function described<Schema extends z.ZodMiniType>(schema: Schema, description: string): Schema {
  return schema.check(z.describe(description));
}

/** A count, or a duration in milliseconds. */
export const count = () => z.int().check(z.gte(0));

/** Text, or any other JSON, that is the tenant's own. */
export const freeObject = () => z.record(z.string(), z.unknown());
