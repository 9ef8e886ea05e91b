import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { mutations } from '../mutations/mutations.ts';
import { misplaced } from '../support/misplaced.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

// That they are noticed is shown by `npm run mutate`, which takes minutes. That they can still be made is seen here, by
// whoever changes the code that they break.
it('every change that breaks a promise can be made, and its test is there', async () => {
  expect(await misplaced(root, mutations)).toEqual([]);
  expect(mutations.map(({ test }) => test.file).filter((file) => !existsSync(`${root}/${file}`))).toEqual([]);
});
