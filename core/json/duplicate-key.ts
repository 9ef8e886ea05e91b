import type { JsonScanner } from './scanner.ts';

type Path = readonly (string | number)[];

/**
 * Reads the next value and returns the path of the first key that an object in it has twice; undefined when no object
 * has. `JSON.parse` would keep the last of the two without an error.
 */
export function duplicateKey(scanner: JsonScanner): Path | undefined {
  const path: (string | number)[] = [];
  let found: Path | undefined;

  function read(): void {
    let keys: Set<string> | undefined;
    scanner.value((at) => {
      path.push(at);
      if (typeof at === 'string') {
        keys ??= new Set();
        if (keys.has(at)) found ??= [...path];
        keys.add(at);
      }
      read();
      path.pop();
    });
  }

  read();
  return found;
}
