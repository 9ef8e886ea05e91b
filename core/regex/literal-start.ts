const longest = 32;
const plain = /^[A-Za-z0-9 _\-/:@#%&=,;~"'<>!]$/;
const repeats = /^[?*+{]$/;

/**
 * The text that every match of an expression begins with, read from its source; empty when the source does not show it.
 * So the expressions of many endpoints that each look for another name need not be prepared.
 */
export function literalStart(source: string): string {
  if (!isOneSequence(source)) return '';
  const from = source.startsWith('^') ? 1 : 0;
  let end = from;
  while (end < source.length && end - from < longest && plain.test(source.charAt(end))) end += 1;
  // A repeated character may be absent.
  if (repeats.test(source.charAt(end))) end -= 1;
  return source.slice(from, Math.max(from, end));
}

/** Without alternatives, one of which may begin with another text, and without flags and quotes. */
function isOneSequence(source: string): boolean {
  let depth = 0;
  let isInClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '\\') {
      // \Q quotes the text that follows.
      if (source.charAt(at + 1) === 'Q') return false;
      at += 1;
    } else if (isInClass) isInClass = character !== ']';
    else if (character === '[') {
      isInClass = true;
      // A bracket at the start of a class, or after its negation, belongs to the class.
      if (source.charAt(at + 1) === '^') at += 1;
      if (source.charAt(at + 1) === ']') at += 1;
    } else if (character === '(') {
      // Flags, such as (?i), change how the rest is read.
      if (/^\?[^:P<]/.test(source.slice(at + 1, at + 3))) return false;
      depth += 1;
    } else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) return false;
  }
  return true;
}
