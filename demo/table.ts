/** A table of two columns. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const all = [['scene', 'what happened'] as const, ...rows];
  const width = Math.max(...all.map(([left]) => left.length));
  const line = ([left, right]: readonly [string, string]) => `${left.padEnd(width)} │ ${right}`;
  const [head = ['', ''] as const, ...body] = all;
  const rule = `${'─'.repeat(width)}─┼─${'─'.repeat(Math.max(...all.map(([, right]) => right.length)))}`;
  return [line(head), rule, ...body.map(line)].join('\n');
}
