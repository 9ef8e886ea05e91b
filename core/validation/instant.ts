/** An ISO 8601 time with a zone. A date alone would leave open whose midnight is meant. */
export const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;

// A zone can move a time to a year in UTC that has not four digits. Such a time cannot be shown or compared as text.
const firstInstant = Date.parse('0000-01-01T00:00:00Z');
const lastInstant = Date.parse('9999-12-31T23:59:59.999Z');

/** Epoch milliseconds; undefined for a text that is not an ISO 8601 time with a zone. */
export function parseInstant(text: string): number | undefined {
  const parsed = instantForm.test(text) ? Date.parse(text) : Number.NaN;
  return parsed >= firstInstant && parsed <= lastInstant ? parsed : undefined;
}

/** ISO 8601 in UTC. @param time - epoch milliseconds. */
export const iso = (time: number): string => new Date(time).toISOString();
