import { hasCycle } from '#core/json/cycles.ts';
import { describeValue } from '#core/json/describe.ts';
import { isObject, type JsonObject } from '#core/json/merge-patch.ts';
import { formatPointer } from '#core/json/pointer.ts';
import type { Expression, RegexEngine } from '#core/regex/expression.ts';
import { besideReference, draft07 } from './draft-07.ts';
import { withoutLookAround } from './generated-expressions.ts';
import type { Keyword, KeywordContext } from './keyword.ts';
import { annotationKeywords } from './keywords-annotation.ts';
import { arrayKeywords, unevaluatedItems } from './keywords-array.ts';
import { logicKeywords } from './keywords-logic.ts';
import { objectKeywords, unevaluatedProperties } from './keywords-object.ts';
import { valueKeywords } from './keywords-value.ts';
import { longestReport, schemaLimits } from './limits.ts';
import { holds, type Subschema } from './subschema.ts';

/** Something that is wrong with a schema. */
export interface SchemaProblem {
  /** JSON Pointer into the schema. */
  readonly pointer: string;
  readonly received: string;
  readonly accepted: string;
}

interface CompiledSchema {
  readonly root: Subschema;
  /** Whether a keyword needs to know which members other keywords have evaluated. */
  readonly tracks: boolean;
  /** Empty for a valid schema. */
  readonly problems: readonly SchemaProblem[];
}

const current = 'https://json-schema.org/draft/2020-12/schema';
const olderDialect = 'http://json-schema.org/draft-07/schema';
const dialects = [current, olderDialect];

const late: Readonly<Record<string, Keyword>> = { unevaluatedProperties, unevaluatedItems };
const keywords = new Map<string, Keyword>(
  Object.entries({
    ...annotationKeywords,
    ...logicKeywords,
    ...valueKeywords,
    ...arrayKeywords,
    ...objectKeywords,
    ...late,
  }),
);
const keywordsOfDraft07 = draft07(keywords);
// Keywords that name schemas and hold none. `Compiler` reads them itself.
const naming = ['$schema', '$id', '$anchor', '$dynamicAnchor'];

type Path = readonly (string | number)[];

/**
 * Compiles a JSON Schema (2020-12, or draft-07) into closures and not into code, because the schema is untrusted.
 *
 * References stay within the schema. Unknown keywords are refused, because a mistyped one would accept everything.
 * `format` is an annotation. Expressions are RE2's.
 *
 * @param regex - needed for a schema with `pattern` or `patternProperties`.
 */
export function compileSchema(schema: unknown, regex?: RegexEngine): CompiledSchema {
  const compiler = new Compiler(schema, regex);
  const root = compiler.compile(schema, []);
  compiler.resolveReferences();
  return { root, tracks: compiler.tracks, problems: compiler.problems.slice(0, longestReport) };
}

/** With and without the `#` at its end, and over https, it is the same. */
const dialectOf = (text: unknown): string =>
  typeof text === 'string'
    ? text.replace(/#$/, '').replace('https://json-schema.org/draft-07', 'http://json-schema.org/draft-07')
    : '';

class Compiler {
  readonly problems: SchemaProblem[] = [];
  tracks = false;
  readonly #regex: RegexEngine | undefined;
  readonly #isDraft07: boolean;
  readonly #byPointer = new Map<string, Subschema>();
  readonly #anchors = new Map<string, Subschema>();
  readonly #patterns = new Map<string, Expression>();
  #preparation = 0;
  readonly #references: { readonly from: Subschema; readonly text: string; readonly path: Path }[] = [];
  /** For each schema the schemas that apply to the same value. */
  readonly #inPlace = new Map<Subschema, Subschema[]>();

  constructor(schema: unknown, regex: RegexEngine | undefined) {
    this.#regex = regex;
    this.#isDraft07 = isObject(schema) && dialectOf(schema.$schema) === olderDialect;
  }

  compile(schema: unknown, path: Path): Subschema {
    const fixed = typeof schema === 'boolean' ? { fixed: schema } : {};
    const compiled: Subschema = { ...fixed, checks: [], late: [] };
    this.#byPointer.set(formatPointer(path), compiled);
    const count = this.#byPointer.size;
    if (count > schemaLimits.subschemas || path.length > schemaLimits.levels) {
      // Reported once, because all that follow are too many as well.
      const isFirst = count === schemaLimits.subschemas + 1 || path.length === schemaLimits.levels + 1;
      const accepted = `at most ${schemaLimits.subschemas} schemas within ${schemaLimits.levels} levels`;
      if (isFirst) this.#refuse(path, 'more', accepted);
    } else if (isObject(schema)) this.#compileKeywords(schema, compiled, path);
    else if (typeof schema !== 'boolean') {
      this.#refuse(path, describeValue(schema), 'a schema: an object, true or false');
    }
    return compiled;
  }

  resolveReferences(): void {
    for (const { from, text, path } of this.#references) {
      const target = this.#find(text);
      if (target === undefined) {
        const accepted = 'a reference to a schema within this one, such as #/$defs/address or #anchor';
        this.#refuse(path, describeValue(text), accepted);
      } else {
        from.checks.push((value, run, at, seen) => holds(target, value, run, at, seen));
        this.#inPlace.set(from, [target]);
      }
    }
    if (hasCycle(this.#inPlace)) {
      this.#refuse(
        [],
        'a schema that refers to itself for the same value',
        'references that end, or that refer to a schema for members',
      );
    }
  }

  #compileKeywords(schema: JsonObject, compiled: Subschema, path: Path): void {
    this.#readNames(schema, compiled, path);
    for (const [name, value] of Object.entries(schema)) {
      const compile = (this.#isDraft07 ? keywordsOfDraft07 : keywords).get(name);
      if (compile === undefined) {
        if (!naming.includes(name) && !name.startsWith('x-')) this.#refuseKeyword([...path, name]);
        continue;
      }
      const isLate = Object.hasOwn(late, name);
      this.tracks ||= isLate;
      const check = compile(value, this.#contextOf(schema, compiled, path, name));
      if (check !== undefined) (isLate ? compiled.late : compiled.checks).push(check);
    }
  }

  #contextOf(schema: JsonObject, owner: Subschema, path: Path, name: string): KeywordContext {
    const here = [...path, name];
    const besideIt = (keyword: string) => this.#byPointer.get(formatPointer([...path, keyword]));
    return {
      schema,
      inside: (child, ...way) => this.compile(child, [...here, ...way]),
      inPlace: (child, ...way) => this.#appliesTo(owner, this.compile(child, [...here, ...way])),
      beside: besideIt,
      refer: (text) => {
        const target: Subschema = { checks: [], late: [] };
        this.#references.push({ from: target, text, path: here });
        return this.#appliesTo(owner, target);
      },
      pattern: (source, ...way) => this.#pattern(source, [...here, ...way]),
      refuse: (received, accepted, ...way) => this.#refuse([...here, ...way], received, accepted),
    };
  }

  #appliesTo(owner: Subschema, child: Subschema): Subschema {
    const others = this.#inPlace.get(owner);
    if (others) others.push(child);
    else this.#inPlace.set(owner, [child]);
    return child;
  }

  #readNames(schema: JsonObject, compiled: Subschema, path: Path): void {
    const { $schema, $id } = schema;
    if ($schema !== undefined && (!dialects.includes(dialectOf($schema)) || path.length > 0)) {
      this.#refuse(
        [...path, '$schema'],
        describeValue($schema),
        `${dialects.join(' or ')} at the root, or nothing`,
      );
    }
    const ignored = this.#isDraft07 ? besideReference(schema) : undefined;
    if (ignored !== undefined) {
      const accepted = `nothing beside $ref, because draft-07 ignores it; put both into allOf, or use ${current}`;
      this.#refuse([...path, ignored], 'a keyword beside $ref', accepted);
    }
    if ($id !== undefined && (typeof $id !== 'string' || path.length > 0)) {
      this.#refuse([...path, '$id'], describeValue($id), 'a string at the root, or nothing');
    }
    for (const name of ['$anchor', '$dynamicAnchor']) {
      const anchor = schema[name];
      if (anchor === undefined) continue;
      const isName = typeof anchor === 'string' && /^[A-Za-z_][-A-Za-z0-9._]*$/.test(anchor);
      if (!isName || this.#anchors.has(anchor)) {
        this.#refuse([...path, name], describeValue(anchor), 'a name of A-Z a-z 0-9 - . _, each once');
      } else this.#anchors.set(anchor, compiled);
    }
  }

  #find(reference: string): Subschema | undefined {
    if (!reference.startsWith('#')) return undefined;
    try {
      const fragment = decodeURIComponent(reference.slice(1));
      return this.#byPointer.get(fragment) ?? this.#anchors.get(fragment);
    } catch {
      // It is not percent-encoded as a URI is, so there is no such schema.
      return undefined;
    }
  }

  #pattern(source: unknown, path: Path): Expression {
    const never: Expression = { test: () => false, cost: { preparation: 0, fixed: 0, perCharacter: 0 } };
    if (typeof source !== 'string' || Buffer.byteLength(source) > schemaLimits.patternBytes) {
      const accepted = `a string of at most ${schemaLimits.patternBytes} bytes`;
      this.#refuse(path, typeof source === 'string' ? 'a longer string' : describeValue(source), accepted);
      return never;
    }
    const known = this.#patterns.get(source);
    if (known) return known;
    const expression = this.#compilePattern(source, path) ?? never;
    this.#patterns.set(source, expression);
    this.#preparation += expression.cost.preparation;
    if (this.#preparation > schemaLimits.preparation) {
      const accepted = `expressions that take at most ${schemaLimits.preparation} steps to prepare, all together`;
      this.#refuse(path, `${describeValue(source)}, with which they take ${this.#preparation}`, accepted);
    }
    if (this.#patterns.size === schemaLimits.patterns + 1) {
      this.#refuse(path, 'more', `at most ${schemaLimits.patterns} different expressions`);
    }
    return expression;
  }

  #compilePattern(source: string, path: Path): Expression | undefined {
    if (this.#regex === undefined)
      throw new Error('this schema has expressions: pass a RegexEngine (regex/re2.ts)');
    try {
      return this.#regex.compile(withoutLookAround(source));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return this.#refuse(
        path,
        `${describeValue(source)} (${reason})`,
        'RE2 syntax (github.com/google/re2/wiki/Syntax)',
      );
    }
  }

  #refuseKeyword(path: Path): void {
    this.#refuse(
      path,
      'an unknown keyword',
      `the keywords of JSON Schema ${this.#isDraft07 ? 'draft-07' : '2020-12'}, and names that start with x-`,
    );
  }

  #refuse(path: Path, received: string, accepted: string): undefined {
    this.problems.push({ pointer: formatPointer(path), received, accepted });
  }
}
