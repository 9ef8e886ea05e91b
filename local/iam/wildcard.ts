/**
 * Whether a text matches a pattern with `*` for any characters and `?` for one character.
 *
 * It goes back only to the last `*`, so its time is bounded by the product of both lengths. A regular expression could
 * backtrack without a bound.
 *
 * @param anyOne the symbol for one character; empty for languages without one
 */
export function matchesWildcard(pattern: string, text: string, anyOne = '?'): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    const symbol = pattern[p];
    if (symbol === '*') {
      star = p;
      resume = t;
      p += 1;
    } else if (symbol !== undefined && (symbol === anyOne || symbol === text[t])) {
      p += 1;
      t += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      t = resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

const arnSegments = 6;

/**
 * Matches ARNs segment by segment, as IAM does: a `*` in one of the first five does not match a colon.
 * The sixth segment is the rest, with colons and slashes. The pattern `*` matches everything.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patterns = segmentsOf(pattern);
  const segments = segmentsOf(arn);
  if (patterns.length !== arnSegments || segments.length !== arnSegments) return false;
  return patterns.every((part, i) => matchesWildcard(part, segments[i] ?? ''));
}

function segmentsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return parts.length <= arnSegments
    ? parts
    : [...parts.slice(0, arnSegments - 1), parts.slice(arnSegments - 1).join(':')];
}
