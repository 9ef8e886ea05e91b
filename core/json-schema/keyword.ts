import type { JsonObject } from '#core/json/merge-patch.ts';
import type { Expression } from '#core/regex/expression.ts';
import type { Check, Subschema } from './subschema.ts';

/** What a keyword needs while it is compiled. */
export interface KeywordContext {
  /** The schema that has the keyword, because some keywords read others beside them. */
  readonly schema: JsonObject;
  /** Compiles a schema for the same value. @param path - from the keyword's value. */
  inPlace(schema: unknown, ...path: (string | number)[]): Subschema;
  /** Compiles a schema for members of the value. */
  inside(schema: unknown, ...path: (string | number)[]): Subschema;
  /** The schema of a keyword beside this one. Call it while validating, when all are compiled. */
  beside(keyword: string): Subschema | undefined;
  /** The schema that a reference names, which may not be compiled yet. */
  refer(reference: string): Subschema;
  /** Compiles a regular expression, which is found anywhere in a text. */
  pattern(source: unknown, ...path: (string | number)[]): Expression;
  /** Reports what is wrong with the keyword. */
  refuse(received: string, accepted: string, ...path: (string | number)[]): undefined;
}

/** Compiles a keyword; an annotation has no check. */
export type Keyword = (value: unknown, context: KeywordContext) => Check | undefined;

export type Keywords = Readonly<Record<string, Keyword>>;
