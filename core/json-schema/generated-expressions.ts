/**
 * Expressions with look-around that common generators write, and what says the same in RE2 syntax. RE2 has no
 * look-around, because it takes more than linear time.
 */
const equivalents: ReadonlyMap<string, string> = new Map([
  // Pydantic, for a Decimal: a number with at least one digit.
  [String.raw`^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$`, String.raw`^[+-]?(?:\d+\.?\d*|\.\d+)$`],
  // Zod, for an e-mail address: no dot at its start, and no two dots together.
  [
    String.raw`^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$`,
    String.raw`^(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}$`,
  ],
]);

/** The expression that is searched for: another one for one of these. */
export const withoutLookAround = (source: string): string => equivalents.get(source) ?? source;
