import type { JsonScanner, Range, ScannedValue } from './scanner.ts';

/** A member of an object: its key decoded, and where its value lies. */
export interface Member {
  readonly key: string;
  readonly value: Range;
}

/** A value and, when it is an object, its members in the order written. A key that was written twice is listed twice. */
export interface ScannedMembers extends ScannedValue {
  readonly members: readonly Member[];
}

/** Reads the next value and lists its members: none for a value that is not an object. */
export function scanMembers(scanner: JsonScanner): ScannedMembers {
  const members: Member[] = [];
  const value = scanner.value((key) => {
    const part = scanner.value();
    if (typeof key === 'string') members.push({ key, value: part });
  });
  return { ...value, members };
}

/** The first key that is listed twice. `JSON.parse` would keep its last value without an error. */
export function repeatedKey(members: readonly Member[]): string | undefined {
  const seen = new Set<string>();
  return members.find(({ key }) => seen.size === seen.add(key).size)?.key;
}
