const longest = 32;
const plain = /^[A-Za-z0-9 _\-/:@#%&=,;~"'<>!]$/;
const repeats = /^[?*+{]$/;

/**
 * Text that every match of an expression begins with, by its source alone; empty when that cannot be told easily. Many
 * endpoints that each look for a name of their own are then passed by without making their expressions.
 */
export function literalStart(source: string): string {
  if (!isOneSequence(source)) return '';
  const from = source.startsWith('^') ? 1 : 0;
  let end = from;
  while (end < source.length && end - from < longest && plain.test(source.charAt(end))) end += 1;
  // What is repeated may be there any number of times, or not at all.
  if (repeats.test(source.charAt(end))) end -= 1;
  return source.slice(from, Math.max(from, end));
}

/** No alternatives, of which one may match without the first, and nothing that changes how the rest is read. */
function isOneSequence(source: string): boolean {
  let depth = 0;
  let isInClass = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (character === '\\') {
      // Quotes what follows.
      if (source.charAt(at + 1) === 'Q') return false;
      at += 1;
    } else if (isInClass) isInClass = character !== ']';
    else if (character === '[') {
      isInClass = true;
      // A bracket that comes first, negation aside, is one of the class.
      if (source.charAt(at + 1) === '^') at += 1;
      if (source.charAt(at + 1) === ']') at += 1;
    } else if (character === '(') {
      // Flags, such as (?i): also what is repeated after them is what stands before.
      if (/^\?[^:P<]/.test(source.slice(at + 1, at + 3))) return false;
      depth += 1;
    } else if (character === ')') depth -= 1;
    else if (character === '|' && depth === 0) return false;
  }
  return true;
}
