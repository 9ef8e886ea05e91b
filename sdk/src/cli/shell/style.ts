export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const codes: Readonly<Record<Style, readonly [start: number, end: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

/** Text that is shown in a style where colours are on. Its width is that of `text`. */
export interface Styled {
  readonly text: string;
  readonly style?: Style | undefined;
}

export const paint = ({ text, style }: Styled, hasColours: boolean): string => {
  if (style === undefined || !hasColours || text === '') return text;
  const [start, end] = codes[style];
  return `\u001b[${start}m${text}\u001b[${end}m`;
};

/** https://no-color.org and https://force-color.org: a set variable decides, else whether the output is a terminal. */
export function wantsColours(
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0';
  return isTerminal && env.TERM !== 'dumb';
}

/**
 * One line of text that a terminal shows as it is. Names and answers come from other people, and control characters
 * could move the cursor, hide lines or change the title of the window.
 */
export const oneLine = (text: string): string =>
  text.replaceAll(/\s+/gu, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Surrogate}]/gu, '\u{fffd}');
