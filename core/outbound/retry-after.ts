const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const month = `(?<month>${months.join('|')})`;
const time = '(?<hour>\\d{2}):(?<minute>\\d{2}):(?<second>\\d{2})';

/** The three forms of HTTP-date that recipients must accept (RFC 9110 section 5.6.7). */
const dateForms = [
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\\d{2}) ${month} (?<year>\\d{4}) ${time} GMT$`),
  new RegExp(
    `^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (?<day>\\d{2})-${month}-(?<year>\\d{2}) ${time} GMT$`,
  ),
  new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${month} (?<day>[ \\d]\\d) ${time} (?<year>\\d{4})$`),
];

/** A comma between two values, and not the one of a date, which a two-digit day follows. */
const betweenValues = /,(?!\s*\d{2}[ -][A-Z])/;

/**
 * Reads a Retry-After header (RFC 9110 section 10.2.3): seconds, or an HTTP-date. Decimals are not in the standard, but
 * their meaning is clear. Of several values the longest wait counts, because no attempt may come too early; values that
 * are neither form are ignored.
 *
 * @param header - repeated headers joined by a comma.
 * @param now - milliseconds since the epoch.
 * @returns the milliseconds to wait, 0 for a date that has passed and not capped otherwise; undefined when the
 * header is absent or no value can be read.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const waits = (header ?? '')
    .split(betweenValues)
    .map((value) => parseWait(value.trim(), now))
    .filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

function parseWait(text: string, now: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) {
    return Math.min(Math.ceil(Number(text) * 1000), Number.MAX_SAFE_INTEGER);
  }
  const date = parseHttpDate(text, now);
  return date === undefined ? undefined : Math.max(0, date - now);
}

function parseHttpDate(text: string, now: number): number | undefined {
  const parts = dateForms.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined);
  if (parts === undefined) {
    return undefined;
  }
  const [day, hour, minute, second] = [parts.day, parts.hour, parts.minute, parts.second].map(Number);
  const year = fullYear(parts.year ?? '', now);
  const monthIndex = months.indexOf(parts.month ?? '');
  if (day === undefined || hour === undefined || minute === undefined || second === undefined) {
    return undefined;
  }
  const date = Date.UTC(year, monthIndex, day, hour, minute, second);
  // Date.UTC rolls 31 February or 25:00 over into another day; 23:59:60 is a legal leap second.
  const rolledOver = new Date(Date.UTC(year, monthIndex, day)).getUTCDate() !== day;
  return rolledOver || hour > 23 || minute > 59 || second > 60 ? undefined : date;
}

/** A two-digit year that seems more than 50 years ahead means the past one (RFC 9110 section 5.6.7). */
function fullYear(text: string, now: number): number {
  if (text.length === 4) {
    return Number(text);
  }
  const thisYear = new Date(now).getUTCFullYear();
  const year = Math.floor(thisYear / 100) * 100 + Number(text);
  return year > thisYear + 50 ? year - 100 : year;
}
