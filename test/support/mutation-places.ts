import type { Mutation } from '#test/mutations/mutation.ts';
import { symbolsNamed } from '#test/support/syntax/symbols.ts';
import { type Token, tokensOf, withoutTrailingCommas } from '#test/support/syntax/tokens.ts';
import type { Range } from '#test/support/syntax/tree.ts';
import { nameOf, type SourceFile } from './source-files.ts';

export interface Place extends Range {
  readonly file: SourceFile;
}

/** Where the source has the code that a mutation replaces. A mutation that can be made has one place. */
export function placesOf(
  { symbol, from }: Pick<Mutation, 'symbol' | 'from'>,
  files: readonly SourceFile[],
): Place[] {
  const wanted = symbol.split('.');
  const name = wanted.at(-1) ?? '';
  const code = withoutTrailingCommas(tokensOf(from));
  return files
    .filter(({ source }) => [{ text: name }, ...code].every(({ text }) => source.includes(text)))
    .flatMap((file) => {
      const symbols = symbolsNamed(name, file.source).filter(({ path }) =>
        isWithin(wanted, [nameOf(file), ...path]),
      );
      const tokens = symbols.length > 0 ? withoutTrailingCommas(tokensOf(file.source)) : [];
      const found = symbols.flatMap(({ range }) => occurrences(code, tokens.filter(isInside(range))));
      // A symbol may lie in another one of the same name.
      const once = new Map(found.map((range) => [range.start, range]));
      return [...once.values()].map((range) => ({ file, ...range }));
    });
}

/** Whether the names stand in the path in this order; the last one is the symbol's own. */
function isWithin(names: readonly string[], path: readonly string[]): boolean {
  const rest = [...path];
  return names.every((name) => {
    const at = rest.indexOf(name);
    rest.splice(0, at + 1);
    return at >= 0;
  });
}

function occurrences(code: readonly Token[], tokens: readonly Token[]): Range[] {
  const starts = tokens.flatMap((_, at) =>
    code.every(({ text }, n) => tokens[at + n]?.text === text) ? [at] : [],
  );
  return starts.flatMap((at) => {
    const [first, last] = [tokens[at], tokens[at + code.length - 1]];
    return first && last ? [{ start: first.start, end: last.end }] : [];
  });
}

const isInside =
  ({ start, end }: Range) =>
  (token: Token): boolean =>
    token.start >= start && token.end <= end;
