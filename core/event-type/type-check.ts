import { createCache } from '#core/concurrency/cache.ts';
import { schemaLimits } from '#core/json-schema/limits.ts';
import type { SchemaReading, Validator } from '#core/json-schema/validate.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import type { EventTypeRule } from './event-type.ts';
import { archivedType, brokenSchema } from './refusal.ts';

/** Takes steps, and returns a function to give back those that were not needed. */
type TakeSteps = (steps: number) => (unused: number) => void;

/** The current schema of a type. */
export interface StandingSchema {
  readonly schemaVersion: number;
  readonly schema: string;
}

/** Loaded by the first event of a type with a schema, so that ingest starts faster. */
interface SchemaEngine {
  needsRegexEngine(text: string): boolean;
  readSchema(text: string, regex?: RegexEngine): SchemaReading;
}

export interface TypeCheckOptions {
  /** Consistent read of a schema, of the version in the rule or a later one; undefined when the type has none any more. */
  readonly load: (
    applicationId: string,
    rule: EventTypeRule & { readonly schemaVersion: number },
  ) => Promise<StandingSchema | undefined>;
  /** Characters of schemas in the cache of compiled schemas. The schema that was used last always stays. */
  readonly maxCharacters: number;
  /** @default - `core/json-schema/validate.ts` */
  readonly loadEngine?: () => Promise<SchemaEngine>;
  /** @default - `core/regex/re2.ts`, loaded by the first schema with a regular expression */
  readonly loadRegexEngine?: () => Promise<RegexEngine>;
}

/**
 * @param take takes the steps that this needs at most
 * @throws Problem `event_type_archived`, `payload_schema`, and what `take` throws
 */
export type TypeCheck = (
  applicationId: string,
  rule: EventTypeRule,
  payload: unknown,
  take: TakeSteps,
) => Promise<void>;

interface Compiled {
  readonly characters: number;
  readonly validator: Validator;
}

/** Checks payloads by the rules of their types, with a cache of compiled schemas. */
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

  return async (applicationId, rule, payload, take) => {
    const { name, archived, schemaVersion } = rule;
    if (archived) throw archivedType(name);
    if (schemaVersion === undefined) return;
    const key = [applicationId, name, schemaVersion].join(' ');
    const compiled = await compiledOnce(key, 0, () => {
      take(schemaLimits.preparation);
      return compile(applicationId, { ...rule, schemaVersion });
    });
    // The schema was removed or replaced after the rule was read. The next version has the rule that stands now.
    if (compiled === undefined) return;
    const giveBack = take(schemaLimits.steps);
    const violations = compiled.validator(payload, giveBack);
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
        `the stored schema of ${rule.name} is not valid in this release: received ${first?.received} at "${first?.pointer}"; ` +
          'save it again',
      );
    }
    return { characters: schema.length, validator: reading.validator };
  }
}
