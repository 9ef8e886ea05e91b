import { Hook0Error } from './errors.ts';

/**
 * A value as JSON.
 *
 * @param what - names the value in the error
 * @throws Hook0Error for what JSON cannot hold: a BigInt, a cycle, NaN, a function, nothing at all
 */
export function jsonOf(value: unknown, what: string): string {
  const text = written(value, what);
  if (text !== undefined) return text;
  throw new Hook0Error(`${what}: received ${typeof value}; expected a value that JSON can hold`);
}

function written(value: unknown, what: string): string | undefined {
  try {
    return JSON.stringify(value, refuseNonFinite);
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new Hook0Error(`${what}: it cannot be written as JSON: ${reason}`, { cause });
  }
}

/** JSON.stringify would write null in place of these numbers. */
function refuseNonFinite(name: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  throw new RangeError(`${name === '' ? 'the value' : name} is ${value}`);
}
