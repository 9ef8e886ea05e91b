import type { JsonObject } from '#core/json/merge-patch.ts';
import type { Expression } from '#core/regex/expression.ts';
import type { Check, Subschema } from './subschema.ts';

/** What a keyword is compiled with. */
export interface KeywordContext {
  /** The schema that it stands in: some keywords read their neighbours. */
  readonly schema: JsonObject;
  /** A schema for the same value. @param path - from the keyword's value. */
  inPlace(schema: unknown, ...path: (string | number)[]): Subschema;
  /** A schema for members of the value. */
  inside(schema: unknown, ...path: (string | number)[]): Subschema;
  /** The schema of a keyword beside this one; to be asked while validating, when all are compiled. */
  beside(keyword: string): Subschema | undefined;
  /** The schema that a reference leads to, which may not be compiled yet. */
  refer(reference: string): Subschema;
  /** A regular expression, found anywhere in the text. */
  pattern(source: unknown, ...path: (string | number)[]): Expression;
  /** Tells what is wrong with the keyword. */
  refuse(received: string, accepted: string, ...path: (string | number)[]): undefined;
}

/** Compiles a keyword; no check for one that only describes. */
export type Keyword = (value: unknown, context: KeywordContext) => Check | undefined;

export type Keywords = Readonly<Record<string, Keyword>>;
