import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '#core/filter/compile.ts';
import { type Filter, operators } from '#core/filter/filter.ts';
import { filterSchema } from '#core/filter/schema.ts';
import { checkCost } from '#core/filter/validate.ts';
import { re2 } from '#core/regex/re2.ts';

const document = readFileSync(new URL('../../../../docs/filters.md', import.meta.url), 'utf8');
const metadata = { minimum: 100, plan: 'pro', plans: ['pro', 'team'], paid: false, nothing: null };

/** The cells of the table under a heading, without its two header lines. */
function rows(heading: string): string[][] {
  const section = document.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('\\|', '|')),
    );
}

const code = (cell = ''): string => cell.slice(1, -1);

const conditionOn = (operator: unknown, value: unknown) => ({
  conditions: [{ field: 'payload.value', operator, value }],
});

function passes(filter: Filter, payload: unknown): boolean {
  const event = {
    id: 'evt_1',
    type: 'a',
    tags: [],
    timestamp: '2026-01-01T00:00:00.000Z',
    payloadLength: 100,
    payload: () => payload,
  };
  return compileFilter(filter, re2)(event, { endpoint: metadata, application: metadata });
}

describe('the semantics in docs/filters.md', () => {
  const table = rows('Semantics, row by row');

  it('says which metadata the rows assume', () => {
    const stated = /the metadata is\n`(?<json>[^`]+)`/.exec(document)?.groups?.json ?? '';
    expect(JSON.parse(stated)).toEqual(metadata);
  });

  it('covers every operator with a value, a missing field and both results', () => {
    for (const operator of operators) {
      const ofOperator = table.filter((row) => code(row[0]) === operator);
      expect(new Set(ofOperator.map((row) => row[3])), operator).toEqual(new Set(['match', 'no match']));
      expect(
        ofOperator.some((row) => row[1] === '(missing)'),
        operator,
      ).toBe(true);
    }
  });

  it.each(table)('%s: field %s, value %s: %s', (operator, field, value, result) => {
    const filter = filterSchema.parse(conditionOn(code(operator), JSON.parse(code(value))));
    const payload = field === '(missing)' ? {} : { value: JSON.parse(code(field)) };
    expect(['match', 'no match']).toContain(result);
    expect(passes(filter, payload)).toBe(result === 'match');
  });

  it.each(rows('Refused when saved'))('%s: value %s is refused: %s', (operator, value, reason) => {
    const parsed = filterSchema.safeParse(conditionOn(code(operator), JSON.parse(code(value))));
    const messages = parsed.success
      ? checkCost(parsed.data, { endpoint: {}, regex: re2 }).problems.map((problem) => problem.message)
      : parsed.error.issues.map((issue) => issue.message);
    expect(messages.join('\n')).toContain(reason);
    expect(messages.join('\n')).toMatch(/received/);
  });
});
