import { describe, expect, it } from 'vitest';
import { compileEventPattern } from '#local/eventbridge/pattern.ts';

const event = {
  source: 'hook0',
  'detail-type': 'delivery.dead',
  detail: { attempts: 5, endpoint: { id: 'ep_1', name: 'Bob "B"' }, tags: ['a', 'b'], empty: null },
};

describe('event patterns', () => {
  const cases: [name: string, pattern: unknown, matches: boolean][] = [
    ['exact', { source: ['hook0'] }, true],
    ['one of several', { source: ['aws.ec2', 'hook0'] }, true],
    ['another value', { source: ['aws.ec2'] }, false],
    ['all fields must match', { source: ['hook0'], 'detail-type': ['circuit.opened'] }, false],
    ['nested', { detail: { endpoint: { id: ['ep_1'] } } }, true],
    ['nested in what is absent', { detail: { gone: { id: ['ep_1'] } } }, false],
    ['a number', { detail: { attempts: [5] } }, true],
    ['a number is not a text', { detail: { attempts: ['5'] } }, false],
    ['null', { detail: { empty: [null] } }, true],
    ['an element of a list', { detail: { tags: ['b'] } }, true],
    ['prefix', { 'detail-type': [{ prefix: 'delivery.' }] }, true],
    ['suffix', { 'detail-type': [{ suffix: '.opened' }] }, false],
    ['equals-ignore-case', { source: [{ 'equals-ignore-case': 'HOOK0' }] }, true],
    ['wildcard', { 'detail-type': [{ wildcard: 'del*.d*d' }] }, true],
    ['anything-but a value', { source: [{ 'anything-but': 'hook0' }] }, false],
    ['anything-but a list', { source: [{ 'anything-but': ['a', 'b'] }] }, true],
    ['anything-but a prefix', { source: [{ 'anything-but': { prefix: 'hoo' } }] }, false],
    ['anything-but of what is absent', { gone: [{ 'anything-but': 'x' }] }, false],
    ['exists', { detail: { attempts: [{ exists: true }] } }, true],
    ['exists not', { detail: { gone: [{ exists: false }] } }, true],
    ['numeric range', { detail: { attempts: [{ numeric: ['>', 3, '<=', 5] }] } }, true],
    ['numeric range missed', { detail: { attempts: [{ numeric: ['<', 5] }] } }, false],
    ['$or', { $or: [{ source: ['x'] }, { detail: { attempts: [{ numeric: ['=', 5] }] } }] }, true],
  ];
  it.each(cases)('%s', (_, pattern, matches) => {
    expect(compileEventPattern(pattern)(event)).toBe(matches);
  });

  it.each([
    ['matcher', { detail: { ip: [{ cidr: '10.0.0.0/8' }] } }, /pattern\.detail\.ip\.0: .*cidr/],
    ['numeric operator', { a: [{ numeric: ['~', 1] }] }, /"~"/],
    ['bare value', { source: 'hook0' }, /pattern\.source/],
  ])('names a %s that it does not know', (_, pattern, message) => {
    expect(() => compileEventPattern(pattern)).toThrow(message);
  });
});
