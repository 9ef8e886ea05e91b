/** A small change of the source that breaks a promise, and the test that must notice. */
export interface Mutation {
  readonly promise: string;
  /** What the change does, in the words of somebody it hurts. */
  readonly breaks: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly old: string;
  readonly new: string;
  /** The test's file, and the start of its full name: describe blocks and title, with ` > ` between them. */
  readonly test: { readonly file: string; readonly name: string };
}
