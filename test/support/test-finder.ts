import { knownOf, titlesIn } from '#test/support/syntax/titles.ts';
import { testFiles } from './source-files.ts';

/**
 * Returns what finds the file of the test, or the block of tests, whose full name starts so.
 *
 * @throws Error when no file has such a test, or several may have it
 */
export function testFinder(root: string): (name: string) => string {
  const files = testFiles(root).map(({ path, source }) => ({ path, titles: titlesIn(source) }));
  return (name) => {
    const found = files.flatMap(({ path, titles }) => {
      const known = titles.map((title) => knownOf(name, title)).filter((count) => count !== undefined);
      return known.length > 0 ? [{ path, known: Math.max(...known) }] : [];
    });
    // A title that is made when the tests run could be any name: the file that states most of the name has the test.
    const most = Math.max(...found.map(({ known }) => known));
    const [best, ...others] = found.filter(({ known }) => known === most).map(({ path }) => path);
    if (best === undefined) throw new Error(`no file has a test "${name}"`);
    if (others.length > 0)
      throw new Error(`several files may have the test "${name}": ${[best, ...others].join(', ')}`);
    return best;
  };
}
