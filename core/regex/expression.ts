/** A compiled regular expression, found anywhere in a text. */
export interface Expression {
  test(text: string): boolean;
  readonly cost: ExpressionCost;
}

/** Steps of the worst case. A step stands for 10 ns. */
export interface ExpressionCost {
  /** To prepare the expression; again if the engine did not keep it. */
  readonly preparation: number;
  /** For each search. */
  readonly fixed: number;
  /** For each character of the text. */
  readonly perCharacter: number;
}

/** Compiles regular expressions. It is an argument, so that a function loads an engine only when it needs one. */
export interface RegexEngine {
  /** @throws Error when the source is not a valid expression. */
  compile(source: string): Expression;
}

/** How many prepared expressions an engine keeps; it prepares others again when they are needed. */
export const keptExpressions = 256;
