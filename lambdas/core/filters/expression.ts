/** A compiled regular expression, found anywhere in a text. */
export interface Expression {
  test(text: string): boolean;
  /** Steps that making it takes, again when an engine could not keep it. */
  readonly preparation: number;
  /** How many instructions are followed in a text of so many characters, at worst: whatever was tested before. */
  steps(length: number): number;
}
