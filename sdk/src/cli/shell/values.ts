import { InvalidArgumentError } from '@commander-js/extra-typings';
import { UsageError } from './errors.ts';
import type { CliPorts } from './ports.ts';

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of a text such as 500ms, 10s, 5m, 2h or 1d. */
export function durationOf(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = units[unit];
  if (factor === undefined)
    throw new InvalidArgumentError('Expected a duration, such as 500ms, 10s, 5m, 2h or 1d.');
  return Math.round(Number(amount) * factor);
}

export function countOf(text: string): number {
  if (/^\d{1,7}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

/** Collects an option that may be given several times. Commas separate as well. */
export const listOf = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  ...text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''),
];

/** Collects an option that may be given several times, each time as it is. */
export const repeated = (text: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  text,
];

/** A parser for a time: ISO 8601, or a duration before now. The result is ISO 8601. */
export const timeOf =
  (now: () => number) =>
  (text: string): string => {
    if (/^\d+(?:\.\d+)?(?:ms|s|m|h|d)$/.test(text)) return new Date(now() - durationOf(text)).toISOString();
    const time = startsWithDay(text) ? Date.parse(text) : Number.NaN;
    if (!Number.isNaN(time)) return new Date(time).toISOString();
    throw new InvalidArgumentError(
      'Expected a time such as 2026-01-31T12:00:00Z, or how long ago, such as 2h.',
    );
  };

/** Whether a text begins with a day that exists. `Date.parse` takes 30 February for 2 March. */
function startsWithDay(text: string): boolean {
  const day = /^(?<day>\d{4}-\d{2}-\d{2})(?:T|$)/.exec(text)?.groups?.day;
  const time = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(`${day}T`);
}

/**
 * The text that an argument stands for: itself, `@FILE` for the text of a file, or `-` for standard input. A byte order
 * mark at its start is passed over.
 *
 * @param what - names the argument in the error
 * @throws UsageError for bytes that are not UTF-8
 */
export async function textOf(argument: string, what: string, ports: CliPorts): Promise<string> {
  const isFile = argument.startsWith('@');
  if (!isFile && argument !== '-') return argument;
  const bytes = await ports.read(isFile ? argument.slice(1) : '-');
  return decoded(bytes, isFile ? `${what} in ${argument.slice(1)}` : `${what} on standard input`);
}

/** @throws UsageError for bytes that are not UTF-8 */
export function decoded(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError(`${what} is not UTF-8; save it as UTF-8 and try again`, { cause });
  }
}

/** As `textOf`, and refuses what is not JSON. */
export async function jsonOf(argument: string, what: string, ports: CliPorts): Promise<unknown> {
  return parsedJson(await textOf(argument, what, ports), what);
}

/** @throws UsageError for what is not exactly one JSON value */
export function parsedJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${what} is not JSON: ${reason}`, { cause });
  }
}

/** As `jsonOf`, and refuses what is not an object. */
export async function objectOf(
  argument: string,
  what: string,
  ports: CliPorts,
): Promise<Readonly<Record<string, unknown>>> {
  const value = await jsonOf(argument, what, ports);
  if (isObject(value)) return value;
  throw new UsageError(`${what} is not a JSON object`);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
