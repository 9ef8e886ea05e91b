/** A compiled regular expression, found anywhere in a text. */
export interface Expression {
  test(text: string): boolean;
  /** Steps that making it takes, again when an engine could not keep it. */
  readonly preparation: number;
  /** How many instructions are followed in a text of so many characters, at worst: whatever was tested before. */
  steps(length: number): number;
}

/** Compiles a regular expression. Given as an argument, so that only those who need an engine load one. */
export interface RegexEngine {
  /** @throws Error when the source is no valid expression. */
  compile(source: string): Expression;
}

/** Expressions that an engine keeps ready; others are made again when they are needed. */
export const keptExpressions = 256;
