/** An ISO 8601 time with a zone. A date alone would leave open whose midnight is meant. */
export const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** What is accepted as a time, for error messages. */
export const instantAccepted = 'an ISO 8601 time with a zone, such as 2026-01-31T12:00:00Z';

// A zone can move a time to a year in UTC that has not four digits. Such a time cannot be shown or compared as text.
const firstInstant = Date.parse('0000-01-01T00:00:00Z');
const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');

/** Epoch milliseconds; undefined for a text that is not an ISO 8601 time with a zone, or a time that does not exist. */
export function parseInstant(text: string): number | undefined {
  const parsed = instantForm.test(text) && dayExists(text) ? Date.parse(text) : Number.NaN;
  return parsed >= firstInstant && parsed <= lastInstant ? parsed : undefined;
}

/** `Date.parse` takes 30 February for 2 March. */
function dayExists(text: string): boolean {
  const day = text.slice(0, 'YYYY-MM-DD'.length);
  const parsed = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed) && iso(parsed).startsWith(day);
}

/** Below, at or above 0 as the first time is before, at or after the second; undefined if one of them is not a time. */
export function compareInstants(left: string, right: string): number | undefined {
  const to = parseInstant(right);
  const from = to === undefined ? undefined : parseInstant(left);
  if (from === undefined || to === undefined) return undefined;
  return from - to || belowMilliseconds(left) - belowMilliseconds(right);
}

const belowMilliseconds = (text: string): number =>
  Number((/\.\d{3}(?<digits>\d+)/.exec(text)?.groups?.digits ?? '').padEnd(6, '0'));

/** ISO 8601 in UTC. @param time - epoch milliseconds. */
export const iso = (time: number): string => new Date(time).toISOString();
