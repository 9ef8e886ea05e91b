import { createCache } from '#core/concurrency/cache.ts';
import type { SchemaReading, Validator } from '#core/json-schema/validate.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import type { EventTypeRule } from './event-type.ts';
import { archivedType, brokenSchema } from './refusal.ts';

/** A type's schema as it stands. */
export interface StandingSchema {
  readonly schemaVersion: number;
  readonly schema: string;
}

/** Loaded by the first event of a type with a schema: ingest starts without it. */
export interface SchemaEngine {
  needsRegexEngine(text: string): boolean;
  readSchema(text: string, regex?: RegexEngine): SchemaReading;
}

export interface TypeCheckOptions {
  /**
   * The schema of a type, of the version that is asked for or a later one; undefined when it has none any more. Reads
   * consistently.
   */
  readonly load: (
    applicationId: string,
    rule: EventTypeRule & { readonly schemaVersion: number },
  ) => Promise<StandingSchema | undefined>;
  /** Characters of schemas that are kept compiled; the one used last always stays. */
  readonly maxCharacters: number;
  /** @default - `json-schema/validate.ts`, loaded when first needed */
  readonly loadEngine?: () => Promise<SchemaEngine>;
  /** @default - the engine of `filters/re2.ts`, loaded when a schema first needs it */
  readonly loadRegexEngine?: () => Promise<RegexEngine>;
}

/** @throws Problem `event_type_archived`, `payload_schema` */
export type TypeCheck = (applicationId: string, rule: EventTypeRule, payload: unknown) => Promise<void>;

interface Compiled {
  readonly characters: number;
  readonly validator: Validator;
}

/** Checks payloads by the rules of their types, and keeps the schemas of those used last. */
export function createTypeCheck({
  load,
  maxCharacters,
  loadEngine = () => import('#core/json-schema/validate.ts'),
  loadRegexEngine = async () => (await import('#core/regex/re2.ts')).re2,
}: TypeCheckOptions): TypeCheck {
  const compiledOnce = createCache<Compiled | undefined>({
    capacity: maxCharacters,
    weigh: (compiled) => compiled?.characters ?? 0,
    isGood: (compiled) => compiled !== undefined,
  });

  return async (applicationId, rule, payload) => {
    const { name, archived, schemaVersion } = rule;
    if (archived) throw archivedType(name);
    if (schemaVersion === undefined) return;
    const key = [applicationId, name, schemaVersion].join(' ');
    const compiled = await compiledOnce(key, 0, () => compile(applicationId, { ...rule, schemaVersion }));
    // The schema was removed or replaced after the rule was read. The next version has the rule that stands now.
    if (compiled === undefined) return;
    const violations = compiled.validator(payload);
    if (violations.length > 0) throw brokenSchema(name, violations);
  };

  async function compile(
    applicationId: string,
    rule: EventTypeRule & { readonly schemaVersion: number },
  ): Promise<Compiled | undefined> {
    const [standing, engine] = await Promise.all([load(applicationId, rule), loadEngine()]);
    if (standing === undefined) return undefined;
    const { schema } = standing;
    const regex = engine.needsRegexEngine(schema) ? await loadRegexEngine() : undefined;
    const reading = engine.readSchema(schema, regex);
    if (!reading.ok) {
      const [first] = reading.problems;
      throw new Error(
        `the stored schema of ${rule.name} is none any more: received ${first?.received} at "${first?.pointer}"; ` +
          'save it again with this release',
      );
    }
    return { characters: schema.length, validator: reading.validator };
  }
}
