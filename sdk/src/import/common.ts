import type { NewEndpoint } from '../client/types.ts';
import { entriesOf } from './json.ts';
import { type Notes, sourceKey } from './plan.ts';

const longestName = 200;
const longestMetadata = 4 * 1024;
const words = '[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)*';
const typeForm = new RegExp(`^${words}$`);
const longestPattern = 128;
const mostPatterns = 100;
const longestTag = 64;

export const isEventType = (name: string): boolean => typeForm.test(name) && name.length <= longestPattern;

/** The name of the endpoint: the first candidate that is not blank, or else the host of its URL. */
export function nameOf(url: string, ...candidates: readonly (string | undefined)[]): string {
  const host = URL.canParse(url) ? new URL(url).host : url;
  const texts = [...candidates, host].map((one) => one?.replaceAll(/\p{Cc}+/gu, ' ').trim());
  const found = texts.find((one) => one !== undefined && one !== '') ?? 'imported';
  return [...found].slice(0, longestName).join('');
}

/**
 * The event types that are valid here, or undefined when none of them is. They are names in the other systems, so that
 * `order.*` is refused: here it would be a pattern, and match more.
 */
export function typesOf(names: readonly string[], notes: Notes): string[] | undefined {
  const refused = names.filter((name) => !isEventType(name));
  if (refused.length > 0) {
    const list = refused.map((name) => JSON.stringify(name)).join(', ');
    notes.lost(`event types ${list}: an event type must be words of A-Z a-z 0-9 _ - joined by dots`);
  }
  const kept = [...new Set(names.filter(isEventType))];
  if (kept.length > mostPatterns) {
    notes.lostAndDisabled(
      `event types: only ${mostPatterns} of ${kept.length} are kept; use patterns such as order.*`,
    );
  }
  return kept.length === 0 ? undefined : kept.slice(0, mostPatterns);
}

/** Headers for every request, without those that are always sent. */
export function headersOf(given: unknown, notes: Notes): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of entriesOf(given)) {
    // HTTP joins several values of one header in the same way.
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    if (name.toLowerCase() !== 'content-type') kept[name] = text;
    else if (!text.startsWith('application/json')) {
      notes.lost(`header ${name}: webhooks are sent as application/json`);
    }
  }
  return kept;
}

export function metadataOf(source: string, given: unknown, notes: Notes): Record<string, unknown> {
  const own = Object.fromEntries(entriesOf(given).filter(([key]) => key !== sourceKey));
  if (entriesOf(given).length > Object.keys(own).length) {
    notes.lost(`metadata ${sourceKey}: the import uses this key to find the endpoint again`);
  }
  const all = { ...own, [sourceKey]: source };
  const bytes = Buffer.byteLength(JSON.stringify(all));
  if (bytes <= longestMetadata) return all;
  notes.lost(`metadata: it has ${bytes} bytes; at most ${longestMetadata} are accepted`);
  return { [sourceKey]: source };
}

/** Matches events with one of these tags, or with all of them. No event can have a tag that is too long. */
export function tagFilter(
  tags: readonly string[],
  logic: 'AND' | 'OR',
  what: string,
  notes: Notes,
): NewEndpoint['filters'] {
  const long = tags.filter((tag) => tag.length > longestTag);
  if (long.length > 0) {
    const list = long.map((tag) => JSON.stringify(tag)).join(', ');
    notes.lostAndDisabled(`${what} ${list}: tags have at most ${longestTag} characters`);
    return undefined;
  }
  if (tags.length === 0) return undefined;
  return { logic, conditions: tags.map((value) => ({ field: 'tags', operator: 'contains', value })) };
}

/** Deliveries per second, as a whole number of at least 1. */
export function perSecond(
  count: number | undefined,
  seconds: number,
  notes: Notes,
): NewEndpoint['rateLimit'] {
  if (count === undefined) return undefined;
  const exact = count / seconds;
  if (exact < 1) {
    notes.lostAndDisabled(`rate limit: ${count} in ${seconds} s; the lowest here is 1 in 1 s`);
    return { perSecond: 1 };
  }
  const limit = Math.min(10_000, Math.floor(exact));
  if (limit !== exact) notes.adapted(`rate limit: ${count} in ${seconds} s becomes ${limit} in 1 s`);
  return { perSecond: limit };
}

export function secretNote(notes: Notes): void {
  notes.lost(
    'secret: the export has none, so the API makes one; give it to the receiver (GET /api/endpoints/{id}/secret)',
  );
}
