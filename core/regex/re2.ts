import { RE2JS } from 're2js';
import { RecentMap } from '#core/concurrency/cache.ts';
import { keptExpressions, type RegexEngine } from './expression.ts';

// A compiled expression takes 25 to 200 KB, and the automaton that it builds while it matches up to 8 MB more. So the
// number of kept expressions and the size of their automatons are bounded, because applications share the memory.
const keptAutomatonBytes = 256 * 1024;

/** Steps to build a small automaton, at most: about 0.5 ms. */
const smallAutomaton = 32_768;
const instructionsPerLiteral = 64;

// Measured: steps to make an instruction, and each end of a range of letters that it accepts.
const stepsOfInstruction = 500;
const stepsOfRune = 2;

// Constants of re2js: a search begins at the start of a text and of a line, matches anywhere, and the end is an input.
const atStart = 4 | 1;
const unanchored = 0;
const endOfText = -1;

/**
 * RE2 syntax (https://github.com/google/re2/wiki/Syntax), which has neither look-around nor back-references. A search
 * finds a match anywhere in the text, unless the expression is anchored, in time linear in the text.
 *
 * It takes 147 KB and 8 ms to load, so import it with `await import()` when a filter has a regex condition.
 */
export const re2: RegexEngine = createRe2();

interface Kept {
  readonly expression: RE2JS;
  toBuild?: number;
}

/**
 * Steps to build the whole automaton of an expression; infinite when it is not small. A small automaton, once built,
 * takes one step for each character. Any other may never be complete, and a search may follow all instructions at once.
 */
function stepsToBuild({ onepass, prefixComplete, dfa, prog }: ReturnType<RE2JS['re2']>): number {
  // A one-pass expression has one next step at a time, and a complete prefix is a plain text: neither builds an automaton.
  if (onepass !== null || prefixComplete) return 0;
  if (dfa.failed) return Number.POSITIVE_INFINITY;
  const inputs = [0, ...dfa.classBounds].map((rune) => [dfa.runeClass(rune), rune] as const);
  inputs.push([dfa.numClasses, endOfText]);
  const found = new Set([dfa.makeState([prog.start], atStart, [])]);
  let steps = 0;
  for (const state of found) {
    steps += inputs.length * (1 + state.nfaStates.length);
    if (steps > smallAutomaton) {
      dfa.clearCache();
      return Number.POSITIVE_INFINITY;
    }
    for (const [runes, rune] of inputs) found.add(dfa.step(state, runes, rune, unanchored));
  }
  // Each state may exist four times: at the beginning of a line or not, after a letter or not.
  return 4 * steps;
}

function runesOf(prog: ReturnType<RE2JS['re2']>['prog']): number {
  let runes = 0;
  for (let index = 0; index < prog.numInst(); index += 1) runes += prog.getInst(index).runes.length;
  return runes;
}

/** An engine with its own cache of expressions by their source; the least recently used is dropped first. */
export function createRe2(capacity = keptExpressions): RegexEngine {
  const kept = new RecentMap<string, Kept>(capacity);

  function keptOf(source: string): Kept {
    const known = kept.get(source);
    if (known !== undefined) return known;
    const made = { expression: RE2JS.compile(source) };
    kept.set(source, made);
    return made;
  }

  const expressionOf = (source: string): RE2JS => keptOf(source).expression;

  function toBuild(source: string): number {
    const found = keptOf(source);
    found.toBuild ??= stepsToBuild(found.expression.re2());
    return found.toBuild;
  }

  return {
    compile(source) {
      const { prog } = expressionOf(source).re2();
      const size = prog.numInst();
      // The engine also searches the text for literals of the expression.
      const perCharacter = 1 + size / instructionsPerLiteral;
      let building: number | undefined;
      return {
        preparation: stepsOfInstruction * (size + source.length) + stepsOfRune * runesOf(prog),
        steps(length) {
          const atWorst = length * Math.max(size, perCharacter);
          if (atWorst <= smallAutomaton) return atWorst;
          building ??= toBuild(source);
          return Math.min(atWorst, Math.max(smallAutomaton, length * perCharacter + building));
        },
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
