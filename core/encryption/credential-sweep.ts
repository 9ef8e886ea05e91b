/** Asks the api function to bring stored credentials into the form that its setting wants, from a position on. */
export interface CredentialSweep {
  readonly v: 1;
  readonly kind: 'credential-sweep';
  readonly from?: SweepPosition | undefined;
}

export interface SweepPosition {
  /** Where the list of applications goes on; absent at its beginning. */
  readonly applications?: string | undefined;
  /** Where the endpoints of the next application go on; absent at their beginning. */
  readonly endpoints?: { readonly applicationId: string; readonly after: string } | undefined;
}

export type CredentialSweepOutcome =
  /** `next`: where to go on; absent at the end. */
  | { readonly kind: 'swept'; readonly rewritten: number; readonly next?: SweepPosition | undefined }
  /** Nothing that was done is lost, and the sweep may be asked for again. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The setting does not allow what is stored. */
  | { readonly kind: 'refused'; readonly reason: string };

/** Whether a function was invoked for a sweep instead of a request. */
export const isCredentialSweep = (event: object): event is CredentialSweep =>
  Reflect.get(event, 'v') === 1 && Reflect.get(event, 'kind') === 'credential-sweep';

/** Whether the answer of a function is the outcome of a sweep. */
export const isSweepOutcome = (answer: unknown): answer is CredentialSweepOutcome =>
  typeof answer === 'object' &&
  answer !== null &&
  ['swept', 'failed', 'refused'].includes(String(Reflect.get(answer, 'kind')));
