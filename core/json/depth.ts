import { JsonScanner, TooManyLevels } from './scanner.ts';

/**
 * Whether arrays and objects of a JSON text nest at most `maxDepth` levels: `1` has depth 0, `[]` 1, `[{}]` 2.
 *
 * @throws InvalidJson
 */
export function checkDepth(text: string, maxDepth: number): boolean {
  try {
    const scanner = new JsonScanner(text, maxDepth);
    scanner.value();
    scanner.end();
    return true;
  } catch (error) {
    if (error instanceof TooManyLevels) return false;
    throw error;
  }
}
