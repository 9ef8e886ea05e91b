/** Writes a path of keys and indexes as a JSON Pointer (RFC 6901): `/orders/0/id`; the root is the empty text. */
export function formatPointer(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
