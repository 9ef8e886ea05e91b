import { describe, expect, it } from 'vitest';
import { batchFailures } from '#local/event-sources/batch-failures.ts';
import type { InvocationResult } from '#local/lambda/settings.ts';

const returned = (value: unknown): InvocationResult => ({ kind: 'result', payload: JSON.stringify(value) });
const failing = (...ids: unknown[]) =>
  returned({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
const error: InvocationResult = { kind: 'error', error: { errorType: 'Error', errorMessage: 'no' } };
const all = ['a', 'b', 'c'];

describe('the failures of a batch', () => {
  it.each([
    ['an error', error, all],
    ['a throttled invocation', { kind: 'throttled' } as const, all],
    ['an empty list', failing(), []],
    ['null', returned(null), []],
    ['an object without the list', returned({}), []],
    ['two failed items', failing('a', 'c'), ['a', 'c']],
    ['an identifier that is not of the batch', failing('a', 'x'), all],
    ['an empty identifier', failing(''), all],
    ['a null identifier', failing(null), all],
    ['a list that is none', returned({ batchItemFailures: 'a' }), all],
    ['a text', returned('fine'), all],
  ])('after %s', (_name, result, expected) => {
    expect([...batchFailures(result, all, true)]).toEqual(expected);
  });

  it('are all or none when the mapping does not report items', () => {
    expect([...batchFailures(failing('a'), all, false)]).toEqual([]);
    expect([...batchFailures(error, all, false)]).toEqual(all);
  });
});
