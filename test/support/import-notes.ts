import type { ImportPlan } from '#sdk/src/import/plan.ts';

/** What a plan says about each endpoint. */
export const notesOf = (plan: ImportPlan): string[][] =>
  plan.endpoints.map(({ notes }) => notes.map(({ kind, text }) => `${kind}: ${text}`));
