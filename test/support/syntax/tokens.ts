export interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const space = /(?:\s|\/\/[^\n]*|\/\*.*?\*\/)+/sy;
const word = /[\p{ID_Continue}$#@]+/uy;
const quoted = /'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/sy;
const expression = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
/** A template's text up to its end or its next `${`, from its first backtick or from the `}` before. */
const template = /[`}](?:\\.|\$(?!\{)|[^`\\$])*(?:`|\$\{)/sy;

const beforeExpression = /^(?:[^\p{ID_Continue}$)\]}'"`]|return|typeof|case|in|of|else)$/u;

/** The tokens of TypeScript source, without comments and white space. An operator of n characters is n tokens. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const braces: ('block' | 'template')[] = [];
  let at = 0;
  const textAt = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  for (;;) {
    at += textAt(space)?.length ?? 0;
    if (at >= source.length) return tokens;
    const text = next();
    tokens.push({ text, start: at, end: at + text.length });
    at += text.length;
  }

  function next(): string {
    const first = source.charAt(at);
    const inTemplate = first === '`' || (first === '}' && braces.pop() === 'template');
    const text =
      (inTemplate && textAt(template)) || textAt(word) || textAt(quoted) || regularExpression() || first;
    if (inTemplate && text.endsWith('${')) braces.push('template');
    else if (text === '{') braces.push('block');
    return text;
  }

  function regularExpression(): string | undefined {
    return beforeExpression.test(tokens.at(-1)?.text ?? '(') ? textAt(expression) : undefined;
  }
}

/** Without the commas that the formatter adds before a closing bracket. */
export function withoutTrailingCommas(tokens: readonly Token[]): Token[] {
  return tokens.filter(({ text }, index) => text !== ',' || !/^[)\]}]/.test(tokens[index + 1]?.text ?? ''));
}
