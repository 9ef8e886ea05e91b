import { RE2JS } from 're2js';
import type { RegexEngine } from './compile.ts';

// A compiled expression takes some 25 to 200 KB, and the automaton it builds while matching up to 8 MB more.
// Both bounds together keep an application with very many (or hostile) expressions from filling the memory
// that it shares with others; what was dropped is made again in about 0.1 ms.
const keptExpressions = 256;
const keptAutomatonBytes = 256 * 1024;

/**
 * RE2 syntax (https://github.com/google/re2/wiki/Syntax), found anywhere in the text unless anchored, in
 * time linear in the text. No look-around, no back-references.
 *
 * Costs 147 KB and 8 ms to load: reach it by `await import()` once a filter has a regex condition.
 */
export const re2: RegexEngine = createRe2();

/** An engine with its own cache: equal sources share one expression, the least recently used leaves first. */
export function createRe2(capacity = keptExpressions): RegexEngine {
  const kept = new Map<string, RE2JS>();

  function expressionOf(source: string): RE2JS {
    const expression = kept.get(source) ?? RE2JS.compile(source);
    kept.delete(source);
    kept.set(source, expression);
    if (kept.size > capacity) {
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    }
    return expression;
  }

  return {
    compile(source) {
      const { onepass, prog } = expressionOf(source).re2();
      return {
        // One that is never in doubt about its next step takes one for each character; any other may have to keep
        // all its instructions in mind, when its automaton grows too large.
        width: onepass === null ? prog.numInst() : 1,
        test(text) {
          const expression = expressionOf(source);
          const found = expression.test(text);
          const automaton = expression.re2().lazyDFA;
          if (automaton !== null && automaton.stateBudget - automaton.memBudget > keptAutomatonBytes) {
            automaton.clearCache();
          }
          return found;
        },
      };
    },
  };
}
