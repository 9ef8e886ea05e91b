import { checkDepth } from '#core/json/depth.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { OutOfSteps } from '#core/regex/step-budget.ts';
import { compileSchema, type SchemaProblem } from './compile.ts';
import { schemaLimits } from './limits.ts';
import { Run, type Violation } from './run.ts';
import { holds } from './subschema.ts';

/** What is wrong with a payload, the first things of it; empty when nothing is. */
export type Validator = (payload: unknown) => readonly Violation[];

export type SchemaReading =
  | { readonly ok: true; readonly validator: Validator }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[] };

/** Whether a schema has expressions, for which `readSchema` needs an engine. May say so of one that has none. */
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
    validator: (payload) => {
      const run = new Run(tracks);
      try {
        holds(root, payload, run, undefined);
        return run.violations;
      } catch (error) {
        if (error instanceof OutOfSteps) return [tooExpensive];
        throw error;
      }
    },
  };
}

const tooExpensive: Violation = {
  path: [],
  pointer: '',
  received: 'a payload that takes too long to check against its schema',
  accepted: `one that takes at most ${schemaLimits.steps} steps; a smaller payload or a plainer schema`,
};

const refused = (received: string, accepted: string): SchemaReading => ({
  ok: false,
  problems: [{ pointer: '', received, accepted }],
});
