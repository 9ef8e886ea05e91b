const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The time of the next run after a time, in epoch milliseconds. */
export type Schedule = (after: number) => number;

/**
 * Parses `rate(5 minutes)` and `cron(0 3 * * ? *)` (UTC) of EventBridge.
 *
 * @throws Error for anything else, `L`, `W` and `#` included
 */
export function parseSchedule(expression: string): Schedule {
  const [, value, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (value !== undefined && (unit === 'minute' || unit === 'hour' || unit === 'day')) {
    const period = Number(value) * unitMs[unit];
    return (after) => after + period;
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length === 6) return cron(fields, expression);
  throw new Error(
    `schedule ${JSON.stringify(expression)}: expected rate(n minutes|hours|days) or cron(six fields)`,
  );
}

type Matches = (value: number) => boolean;

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** Four years include every 29 February, so later days bring no new match. */
const horizonMs = 4 * 366 * unitMs.day;

function cron(fields: readonly string[], expression: string): Schedule {
  const field = (index: number, lowest: number, highest: number, names: readonly string[] = []): Matches =>
    parseField(fields[index] ?? '*', lowest, highest, names, expression);
  const minute = field(0, 0, 59);
  const hour = field(1, 0, 23);
  const dayOfMonth = field(2, 1, 31);
  const month = field(3, 1, 12, months);
  const dayOfWeek = field(4, 1, 7, days);
  const year = field(5, 1970, 2199);

  const isDay = (date: Date) =>
    dayOfMonth(date.getUTCDate()) &&
    month(date.getUTCMonth() + 1) &&
    dayOfWeek(date.getUTCDay() + 1) &&
    year(date.getUTCFullYear());

  return (after) => {
    const first = Math.floor(after / unitMs.minute) * unitMs.minute + unitMs.minute;
    for (let time = first; time < first + horizonMs; ) {
      const date = new Date(time);
      if (!isDay(date)) time = (Math.floor(time / unitMs.day) + 1) * unitMs.day;
      else if (hour(date.getUTCHours()) && minute(date.getUTCMinutes())) return time;
      else time += unitMs.minute;
    }
    return Number.POSITIVE_INFINITY;
  };
}

function parseField(
  text: string,
  lowest: number,
  highest: number,
  names: readonly string[],
  expression: string,
): Matches {
  if (text === '*' || text === '?') return () => true;
  const numberOf = (word: string): number => {
    const named = names.indexOf(word.toUpperCase());
    const value = named >= 0 ? named + lowest : /^\d+$/.test(word) ? Number(word) : Number.NaN;
    if (value >= lowest && value <= highest) return value;
    throw new Error(`schedule ${JSON.stringify(expression)}: ${word} is not within ${lowest} to ${highest}`);
  };
  const parts = text.split(',').map((part): Matches => {
    const [range = '*', step] = part.split('/');
    const [from, to] = range === '*' ? [lowest, highest] : range.split('-').map(numberOf);
    const start = from ?? lowest;
    const end = to ?? (step === undefined ? start : highest);
    const every = step === undefined ? 1 : Number(step);
    if (!(every >= 1))
      throw new Error(`schedule ${JSON.stringify(expression)}: step ${step} is not a whole number`);
    return (value) => value >= start && value <= end && (value - start) % every === 0;
  });
  return (value) => parts.some((matches) => matches(value));
}
