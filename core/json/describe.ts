const longest = 60;

/** Describes a JSON value in a few words, for messages that name the value received. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'string') {
    return `the string ${JSON.stringify(value.length > longest ? `${value.slice(0, longest)}…` : value)}`;
  }
  if (typeof value === 'number' || typeof value === 'boolean') return `the ${typeof value} ${value}`;
  return `an ${typeof value}`;
}
