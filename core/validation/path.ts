/** Writes a path of keys and indexes as `retryConfig.baseDelay` or `events[0].type`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    const key = shorten(String(segment));
    // A key with dots or blanks would look like several keys.
    if (!/^[\w$-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

const longestKey = 64;

function shorten(key: string): string {
  return key.length > longestKey ? `${key.slice(0, longestKey)}…` : key;
}

/** The value at a path in parsed JSON, own members only; undefined if there is none. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? Reflect.get(value, key)
        : undefined,
    root,
  );
}
