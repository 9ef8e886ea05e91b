import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventPatternProblem, eventTypeProblem, patternsCovering } from '#core/event/type-name.ts';
import { patternMatches } from './pattern-matches.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'B', '7', '_', '-'), minLength: 1, maxLength: 3 });
const eventType = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join('.'));

describe('an event type', () => {
  it.each(['order', 'order.created', 'Order_1.line-item.ADDED', 'a'.repeat(128)])('may be %s', (type) => {
    expect(eventTypeProblem(type)).toBeUndefined();
    expect(eventPatternProblem(type)).toBeUndefined();
  });

  it.each([
    ['', 'the string ""'],
    ['.a', 'the string ".a"'],
    ['a.', 'the string "a."'],
    ['a..b', 'the string "a..b"'],
    ['order.*', 'the string "order.*"'],
    ['a b', 'the string "a b"'],
    ['a\n', 'the string "a\\n"'],
    ['größe', 'the string "größe"'],
    ['a'.repeat(129), 'the string "aaa'],
    [7, 'the number 7'],
    [undefined, 'nothing'],
  ])('may not be %j', (type, received) => {
    expect(eventTypeProblem(type)).toContain(`received ${received}`);
    expect(eventTypeProblem(type)).toContain('order.created');
  });
});

describe('an event pattern', () => {
  it.each(['*', 'order.*', 'order.line.*', 'order.created'])('may be %s', (pattern) => {
    expect(eventPatternProblem(pattern)).toBeUndefined();
  });

  it.each([
    '**',
    '*.created',
    'order*',
    'order.*.created',
    '.*',
    'order.**',
    '',
    `${'a'.repeat(127)}.*`,
    null,
  ])('may not be %j', (pattern) => {
    expect(eventPatternProblem(pattern)).toContain('such as order.* (one or more further words)');
  });

  it.each([
    ['*', 'order', true],
    ['order.*', 'order.created', true],
    ['order.*', 'order.line.added', true],
    ['order.*', 'order', false],
    ['order.*', 'orders.created', false],
    ['order', 'order.created', false],
    ['order.created', 'order.created', true],
    ['Order.created', 'order.created', false],
  ])('%s covers %s: %s', (pattern, type, expected) => {
    expect(patternsCovering(type).includes(pattern)).toBe(expected);
  });

  it('covers a type exactly when it is among the patterns that cover the type', () => {
    const pattern = fc.oneof(
      fc.constant('*'),
      eventType,
      eventType.map((type) => `${type}.*`),
    );
    const related = eventType.chain((type) =>
      fc.tuple(fc.constant(type), fc.oneof(pattern, fc.constantFrom(...patternsCovering(type)))),
    );
    fc.assert(
      fc.property(related, ([type, candidate]) => {
        expect(eventPatternProblem(candidate)).toBeUndefined();
        expect(patternMatches(candidate, type)).toBe(patternsCovering(type).includes(candidate));
      }),
    );
  });
});
