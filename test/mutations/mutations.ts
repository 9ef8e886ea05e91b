import { apiMutations } from './api.ts';
import { failureMutations } from './failure.ts';
import type { Mutation } from './mutation.ts';
import { promiseMutations } from './promises.ts';
import { scaleMutations } from './scale.ts';

/** All changes of the source that `npm run mutate` makes, one at a time; each must be noticed. */
export const mutations: readonly Mutation[] = [
  ...promiseMutations,
  ...failureMutations,
  ...scaleMutations,
  ...apiMutations,
];
