import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mutation } from '../mutations/mutation.ts';

/** What is wrong with the places of these changes, one text for each that cannot be made. */
export async function misplaced(root: string, mutations: readonly Mutation[]): Promise<string[]> {
  const problems = await Promise.all(
    mutations.map(async ({ file, old, breaks }) => {
      const source = await readFile(join(root, file), 'utf8');
      const occurrences = source.split(old).length - 1;
      if (occurrences === 1) return [];
      return [`${file} (${breaks}): the text to change stands there ${occurrences} times, expected once`];
    }),
  );
  return problems.flat();
}
