/** A small change of the source that breaks a promise, and the test that must notice. */
export interface Mutation {
  readonly promise: string;
  /** What goes wrong for a user because of the change. */
  readonly breaks: string;
  /**
   * The name of the function, class, variable or property that is changed, wherever it is. Where several have that
   * name, the names around it tell them apart: `createRouter.handle`. The outermost one is the file's, without `.ts`.
   */
  readonly symbol: string;
  /** Code that this symbol holds once. White space, comments and trailing commas make no difference. */
  readonly from: string;
  readonly to: string;
  /** The start of the test's full name: describe blocks and title, with ` > ` between them. Its file is found. */
  readonly test: string;
}

/** The mutations that break one promise. */
export function breaking(promise: string, mutations: readonly Omit<Mutation, 'promise'>[]): Mutation[] {
  return mutations.map((mutation) => ({ promise, ...mutation }));
}
