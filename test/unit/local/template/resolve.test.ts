// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub's own placeholders
import { describe, expect, it } from 'vitest';
import { isIncluded, type ResolveContext, resolveValue } from '#local/template/resolve.ts';
import type { Template } from '#local/template/template.ts';

const context = (template: Partial<Template> = {}): ResolveContext => ({
  template: { Resources: { Queue: { Type: 'AWS::SQS::Queue' } }, ...template },
  stackName: 'Hook0',
  ref: (id) => (id === 'Queue' ? 'http://queue/work' : undefined),
  attribute: (id, name) => (id === 'Queue' && name === 'Arn' ? 'arn:queue' : undefined),
});
const resolve = (value: unknown, template?: Partial<Template>) =>
  resolveValue(value, context(template), 'Test.Value');

describe('resolveValue', () => {
  const conditions = {
    IsProduction: { 'Fn::Equals': [{ Ref: 'Stage' }, 'production'] },
    IsTest: { 'Fn::Not': [{ Condition: 'IsProduction' }] },
    Both: { 'Fn::And': [{ Condition: 'IsProduction' }, { Condition: 'IsTest' }] },
    Either: { 'Fn::Or': [{ Condition: 'IsProduction' }, { Condition: 'IsTest' }] },
  };
  const template = {
    Parameters: { Stage: { Type: 'String', Default: 'test' } },
    Conditions: conditions,
    Mappings: { Sizes: { small: { memory: 128 } } },
  };
  const cases: [name: string, value: unknown, expected: unknown][] = [
    ['plain values', { a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }],
    ['Ref of a resource', { Ref: 'Queue' }, 'http://queue/work'],
    ['Ref of a parameter', { Ref: 'Stage' }, 'test'],
    [
      'Ref of pseudo parameters',
      [{ Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }],
      ['us-east-1', '000000000000'],
    ],
    ['GetAtt as list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:queue'],
    ['Join', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'],
    ['Sub', { 'Fn::Sub': '${Queue.Arn}/${AWS::StackName}/${!Literal}' }, 'arn:queue/Hook0/${Literal}'],
    [
      'Sub with variables',
      { 'Fn::Sub': ['${a}-${Queue}', { a: { Ref: 'Stage' } }] },
      'test-http://queue/work',
    ],
    ['Select and Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['If', { 'Fn::If': ['IsTest', 'yes', 'no'] }, 'yes'],
    ['If of And and Or', [{ 'Fn::If': ['Both', 1, 2] }, { 'Fn::If': ['Either', 1, 2] }], [2, 1]],
    ['NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
    ['NoValue in a list', [{ 'Fn::If': ['IsTest', { Ref: 'AWS::NoValue' }, 1] }, 2], [2]],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'memory'] }, 128],
    ['an object that only looks like an intrinsic', { Ref: 'Queue', Fn: 1 }, { Ref: 'Queue', Fn: 1 }],
  ];
  it.each(cases)('%s', (_, value, expected) => {
    expect(resolve(value, template)).toEqual(expected);
  });

  it.each([
    [
      'a resource that does not exist',
      { Ref: 'Nothing' },
      /Test\.Value\.a\.0: no resource or parameter Nothing/,
    ],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Queue', 'Colour'] },
      /attribute Colour of Queue \(AWS::SQS::Queue\)/,
    ],
    ['an import', { 'Fn::ImportValue': 'Other:Export' }, /one stack .*Other:Export/],
    [
      'an unknown function',
      { 'Fn::Cidr': ['10.0.0.0/8', 2, 8] },
      /does not know this function in \{"Fn::Cidr"/,
    ],
    ['a parameter without a value', { Ref: 'Key' }, /parameter Key has neither value nor default/],
    ['a condition that does not exist', { 'Fn::If': ['Odd', 1, 2] }, /condition Odd is not declared/],
    ['an item out of range', { 'Fn::Select': [3, ['a']] }, /no item 3/],
  ])('names place and value of %s', (_, value, message) => {
    expect(() => resolve({ a: [value] }, { Parameters: { Key: { Type: 'String' } } })).toThrow(message);
  });

  it('refuses a condition that refers to itself', () => {
    const circular = {
      Conditions: { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Not': [{ Condition: 'A' }] } },
    };
    expect(() => resolve({ 'Fn::If': ['A', 1, 2] }, circular)).toThrow('A -> B -> A');
  });

  it('says which resources exist', () => {
    const Resources = {
      On: { Type: 'T', Condition: 'IsTest' },
      Off: { Type: 'T', Condition: 'IsProduction' },
    };
    const conditional = context({ ...template, Resources });
    expect([isIncluded('On', conditional), isIncluded('Off', conditional)]).toEqual([true, false]);
  });
});
