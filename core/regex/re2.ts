import { RE2JS } from 're2js';
import { RecentMap } from '#core/concurrency/cache.ts';
import { hasCycle } from '#core/json/cycles.ts';
import { type ExpressionCost, keptExpressions, type RegexEngine } from './expression.ts';

// A compiled expression takes 25 to 200 KB, and the automaton that it builds while it matches up to 8 MB more. So the
// number of kept expressions and the size of their automatons are bounded, because applications share the memory.
const keptAutomatonBytes = 256 * 1024;

// Measured by bench/filters.ts.
const steps = {
  search: 50,
  /** A character, if the automaton is small. */
  character: 0.7,
  /** A character and an instruction, if it is not, because a search may follow all instructions at once. */
  instruction: 10,
  /** A character and a literal of the expression, which the engine looks for first. */
  literal: 0.5,
  /** Preparing: for any expression, for each instruction and character, and for each end of a range of letters. */
  preparing: 600,
  part: 120,
  range: 4,
  /** Building a transition of the automaton, for each instruction that it is about. */
  transition: 15,
} as const;

/** Transitions of a small automaton, at most. */
const smallAutomaton = 32_768;
/** The engine looks for no more. */
const mostLiterals = 32;

// Constants of re2js: a search begins at the start of a text and of a line, matches anywhere, and the end is an input.
const atStart = 4 | 1;
const unanchored = 0;
const endOfText = -1;
const startOfText = 4;
// Kinds of instructions.
const alternatives = [1, 2];
const ends = [5, 6];

/**
 * RE2 syntax (https://github.com/google/re2/wiki/Syntax), which has neither look-around nor back-references. A search
 * finds a match anywhere in the text, unless the expression is anchored, in time linear in the text.
 *
 * It takes 147 KB and 8 ms to load, so import it with `await import()` when a filter has a regex condition.
 */
export const re2: RegexEngine = createRe2();

interface Automaton {
  readonly transitions: number;
  /** Whether all of it was built, and may be kept. Others may never be complete. */
  readonly isSmall: boolean;
}

/** Builds the whole automaton of an expression, if it is small. A search then takes one transition for each character. */
function automatonOf({ prefixComplete, dfa, prog }: Compiled): Automaton {
  // A plain text is found without an automaton.
  if (prefixComplete) return { transitions: 0, isSmall: true };
  if (dfa.failed) return { transitions: 0, isSmall: false };
  const inputs = [0, ...dfa.classBounds].map((rune) => [dfa.runeClass(rune), rune] as const);
  inputs.push([dfa.numClasses, endOfText]);
  const found = new Set([dfa.makeState([prog.start], atStart, [])]);
  let transitions = 0;
  for (const state of found) {
    transitions += inputs.length * (1 + state.nfaStates.length);
    if (transitions > smallAutomaton) break;
    for (const [runes, rune] of inputs) found.add(dfa.step(state, runes, rune, unanchored));
  }
  const isSmall = transitions <= smallAutomaton && dfa.stateBudget - dfa.memBudget <= keptAutomatonBytes;
  if (!isSmall) dfa.clearCache();
  return { transitions, isSmall };
}

type Compiled = ReturnType<RE2JS['re2']>;

function runesOf({ prog }: Compiled): number {
  let runes = 0;
  for (let index = 0; index < prog.numInst(); index += 1) runes += prog.getInst(index).runes.length;
  return runes;
}

/**
 * How many characters of a text an expression reads at most. It is finite for an expression that is found at the start
 * of a text only, and repeats nothing without a limit.
 */
function readsAtMost({ cond, prog }: Compiled): number {
  const isAnchored = (cond & startOfText) !== 0;
  const instructions = Array.from({ length: prog.numInst() }, (_, index) => index);
  const next = new Map(instructions.map((index) => [index, followers(prog.getInst(index))]));
  if (!isAnchored || hasCycle(next)) return Number.POSITIVE_INFINITY;
  // Each instruction reads a character of up to two UTF-16 units, and `$` looks at the one behind.
  return 2 * instructions.length + 2;
}

/** The instructions that may come after one. */
function followers({ op, out, arg }: { readonly op: number; readonly out: number; readonly arg: number }) {
  if (ends.includes(op)) return [];
  return alternatives.includes(op) ? [out, arg] : [out];
}

/** How many literals the engine looks for before it searches. */
function literalsOf(prefilter: Compiled['prefilter']): number {
  if (prefilter === null) return 0;
  const inside: number = prefilter.subs.map(literalsOf).reduce((sum: number, one: number) => sum + one, 0);
  return Math.min(mostLiterals, Math.max(1, inside));
}

function costOf(source: string, re2: Compiled, reads: number): ExpressionCost {
  const instructions = re2.prog.numInst();
  const { transitions, isSmall } = automatonOf(re2);
  const preparation =
    steps.preparing +
    steps.part * (instructions + source.length) +
    steps.range * runesOf(re2) +
    steps.transition * transitions;
  const perCharacter =
    steps.literal * literalsOf(re2.prefilter) +
    (isSmall ? steps.character : steps.instruction * instructions);
  return reads < Number.POSITIVE_INFINITY
    ? { preparation, fixed: steps.search + reads * perCharacter, perCharacter: 0 }
    : { preparation, fixed: steps.search, perCharacter };
}

interface Kept {
  readonly expression: RE2JS;
  readonly reads: number;
}

/** An engine with its own cache of expressions by their source; the least recently used is dropped first. */
export function createRe2(capacity = keptExpressions): RegexEngine {
  const kept = new RecentMap<string, Kept>(capacity);

  function keptOf(source: string): Kept {
    const known = kept.get(source);
    if (known !== undefined) return known;
    const expression = RE2JS.compile(source);
    // It finds groups, which are not asked for, and takes five times as long as the automaton.
    Object.assign(expression.re2(), { onepass: null });
    const made = { expression, reads: readsAtMost(expression.re2()) };
    kept.set(source, made);
    return made;
  }

  return {
    compile(source) {
      const { expression, reads } = keptOf(source);
      let cost: ExpressionCost | undefined;
      return {
        get cost() {
          cost ??= costOf(source, expression.re2(), reads);
          return cost;
        },
        test(text) {
          const { expression, reads } = keptOf(source);
          const found = expression.test(text.length > reads ? text.slice(0, reads) : text);
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
