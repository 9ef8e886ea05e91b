import type { MatchedEndpoint, Priority } from '#core/event/event.ts';

const letters = { high: 'h', normal: 'n', low: 'l' } as const satisfies Record<Priority, string>;
const byLetter = new Map<string, Priority>([
  ['h', 'high'],
  ['n', 'normal'],
  ['l', 'low'],
]);

/** One text for all of them, `h`, `n` or `l` before each id, because a list of attributes would cost more. */
export const encodeMatched = (matched: readonly MatchedEndpoint[]): string =>
  matched.map(({ endpointId, priority }) => `${letters[priority]}${endpointId}`).join(' ');

/** @throws Error on a letter that is not a priority */
export function decodeMatched(text: string): MatchedEndpoint[] {
  if (text === '') return [];
  return text.split(' ').map((entry) => {
    const priority = byLetter.get(entry.charAt(0));
    if (priority === undefined) throw new Error(`expected h, n or l before an endpoint id, got ${entry}`);
    return { endpointId: entry.slice(1), priority };
  });
}
