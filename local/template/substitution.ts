/** A part of a `Fn::Sub` text: literal text, or the name in `${…}`. */
export type SubstitutionPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string };

/** Splits a `Fn::Sub` text. `${!Name}` is the literal `${Name}`. */
export function parseSubstitution(text: string): readonly SubstitutionPart[] {
  const parts: SubstitutionPart[] = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    const inside = match[1] ?? '';
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push(
      inside.startsWith('!')
        ? { kind: 'text', text: `\${${inside.slice(1)}}` }
        : { kind: 'variable', name: inside.trim() },
    );
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}
