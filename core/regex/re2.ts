import { RE2JS } from 're2js';
import { RecentMap } from '#core/concurrency/cache.ts';
import type { RegexEngine } from './expression.ts';
import { keptExpressions } from './expression.ts';

// A compiled expression takes some 25 to 200 KB, and the automaton it builds while matching up to 8 MB more.
// Both bounds together keep an application with very many (or hostile) expressions from filling the memory
// that it shares with others; what was dropped is made again in about 0.1 ms.
const keptAutomatonBytes = 256 * 1024;

/** Steps that an automaton may take to be called small: some 0.5 ms. */
const smallAutomaton = 32_768;
const instructionsPerLiteral = 64;

// As measured: what an instruction takes to be made, and the end of a range of letters that it accepts.
const stepsOfInstruction = 500;
const stepsOfRune = 2;

// The engine's own: a search begins at the start of a text and of a line, anywhere in it, and ends with an input of its own.
const atStart = 4 | 1;
const unanchored = 0;
const endOfText = -1;

/**
 * RE2 syntax (https://github.com/google/re2/wiki/Syntax), found anywhere in the text unless anchored, in
 * time linear in the text. No look-around, no back-references.
 *
 * Costs 147 KB and 8 ms to load: reach it by `await import()` once a filter has a regex condition.
 */
export const re2: RegexEngine = createRe2();

interface Kept {
  readonly expression: RE2JS;
  toBuild?: number;
}

/**
 * Steps to build all of an expression's automaton; infinitely many when they are more than a few. An expression whose
 * automaton is small takes one step for each character once it is built; any other may build for ever, or have to
 * keep all its instructions in mind.
 */
function stepsToBuild({ onepass, prefixComplete, dfa, prog }: ReturnType<RE2JS['re2']>): number {
  // Never in doubt about its next step, or no more than a text to be found.
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
  // There may be four of each state: at the beginning of a line or not, after a letter or not.
  return 4 * steps;
}

function runesOf(prog: ReturnType<RE2JS['re2']>['prog']): number {
  let runes = 0;
  for (let index = 0; index < prog.numInst(); index += 1) runes += prog.getInst(index).runes.length;
  return runes;
}

/** An engine with its own cache: equal sources share one expression, the least recently used leaves first. */
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
      // Beside the automaton, literals of the expression are looked for in the text.
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
