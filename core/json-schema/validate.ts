import { checkDepth } from '#core/json/depth.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { OutOfSteps } from '#core/regex/step-budget.ts';
import { compileSchema, type SchemaProblem } from './compile.ts';
import { schemaLimits } from './limits.ts';
import { Run, type Violation } from './run.ts';
import { holds } from './subschema.ts';

/**
 * The first violations of a payload; empty when it is valid.
 *
 * @param onUnused called with the steps that were not needed
 */
export type Validator = (payload: unknown, onUnused?: (steps: number) => void) => readonly Violation[];

export type SchemaReading =
  | { readonly ok: true; readonly validator: Validator }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

/** Whether `readSchema` needs an engine for the schema's expressions. It may say so for a schema without expressions. */
export const needsRegexEngine = (text: string): boolean => text.includes('"pattern');

/**
 * Reads a JSON Schema within `schemaLimits`.
 *
 * @param text - JSON.
 */
export function readSchema(text: string, regex?: RegexEngine): SchemaReading {
  const bytes = Buffer.byteLength(text);
  const { bytes: mostBytes, levels } = schemaLimits;
  if (bytes > mostBytes) return refused(`${bytes} bytes as JSON`, `at most ${mostBytes}`);
  if (!checkDepth(text, levels))
    return refused('more levels', `at most ${levels} levels of arrays and objects`);
  const { root, tracks, problems } = compileSchema(JSON.parse(text), regex);
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    validator: (payload, onUnused = () => undefined) => {
      const run = new Run(tracks);
      try {
        holds(root, payload, run, undefined);
        return run.violations;
      } catch (error) {
        if (error instanceof OutOfSteps) return [tooExpensive];
        throw error;
      } finally {
        onUnused(schemaLimits.steps - run.spent);
      }
    },
  };
}

const tooExpensive: Violation = {
  path: [],
  pointer: '',
  received: 'a payload that takes too many steps to check against its schema',
  accepted: `a payload that takes at most ${schemaLimits.steps} steps; use a smaller payload or a simpler schema`,
};

const refused = (received: string, accepted: string): SchemaReading => ({
  ok: false,
  problems: [{ pointer: '', received, accepted }],
});
