import type { Mutation } from '#test/mutations/mutation.ts';
import { parse } from '#test/support/syntax/tree.ts';
import { placesOf } from './mutation-places.ts';
import { productFiles } from './source-files.ts';
import { testFinder } from './test-finder.ts';

/** A mutation with the file to change and the file of its test; paths are relative to the root of the repository. */
export interface PlannedMutation extends Mutation {
  readonly file: string;
  readonly changedSource: string;
  readonly testFile: string;
}

/**
 * Returns what plans a mutation of the source below this folder.
 *
 * @throws Error when the source has not exactly one place for it, or no test of its name
 */
export function mutationPlanner(root: string): (mutation: Mutation) => PlannedMutation {
  const files = productFiles(root);
  const fileOfTest = testFinder(root);
  return (mutation) => {
    const [place, ...others] = placesOf(mutation, files);
    const what = `the code ${mutation.from} in a symbol ${mutation.symbol}`;
    if (!place) throw new Error(`no file has ${what}`);
    if (others.length > 0)
      throw new Error(`${what} stands in ${[place, ...others].map(({ file }) => file.path).join(' and ')}`);
    const { path, source } = place.file;
    const changedSource = source.slice(0, place.start) + mutation.to + source.slice(place.end);
    parse(changedSource);
    return { ...mutation, file: path, changedSource, testFile: fileOfTest(mutation.test) };
  };
}
