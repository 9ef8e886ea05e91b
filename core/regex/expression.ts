/** A compiled regular expression, found anywhere in a text. */
export interface Expression {
  test(text: string): boolean;
  /** Steps to prepare it, again if the engine could not keep it. */
  readonly preparation: number;
  /** Steps to search a text of this many characters in the worst case, whatever was searched before. */
  steps(length: number): number;
}

/** Compiles regular expressions. It is an argument, so that a function loads an engine only when it needs one. */
export interface RegexEngine {
  /** @throws Error when the source is not a valid expression. */
  compile(source: string): Expression;
}

/** How many prepared expressions an engine keeps; it prepares others again when they are needed. */
export const keptExpressions = 256;
