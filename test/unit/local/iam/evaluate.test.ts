// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a policy variable is written like this
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#local/iam/evaluate.ts';
import { parseStatement } from '#local/iam/parse-statement.ts';
import type { Statement } from '#local/iam/statement.ts';

const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/Config';
type Context = { readonly [key: string]: readonly string[] };

const statement = (given: object): Statement =>
  parseStatement({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table, ...given }, 'test');

const decide = (statements: readonly Statement[], context: Context = {}, request: object = {}) =>
  evaluate(statements, {
    action: 'dynamodb:GetItem',
    resource: table,
    context: new Map(Object.entries(context)),
    ...request,
  });
const allows = (given: object, context?: Context, request?: object) =>
  decide([statement(given)], context, request).allowed;

describe('actions and resources', () => {
  const table2 = 'arn:aws:dynamodb:us-east-1:000000000000:table/Other';
  const cases: [name: string, given: object, request: object, allowed: boolean][] = [
    ['the action itself', {}, {}, true],
    ['another action', {}, { action: 'dynamodb:PutItem' }, false],
    ['an action in other letters', { Action: 'DYNAMODB:getitem' }, {}, true],
    ['an action pattern', { Action: 'dynamodb:Get*' }, {}, true],
    ['a ? in an action pattern', { Action: 'dynamodb:?etItem' }, {}, true],
    ['NotAction of another', { Action: undefined, NotAction: 'dynamodb:PutItem' }, {}, true],
    ['NotAction of this one', { Action: undefined, NotAction: 'dynamodb:Get*' }, {}, false],
    ['another resource', {}, { resource: table2 }, false],
    ['every resource', { Resource: '*' }, { resource: table2 }, true],
    ['a list of resources', { Resource: [table2, table] }, {}, true],
    ['NotResource of another', { Resource: undefined, NotResource: table2 }, {}, true],
    ['NotResource of this one', { Resource: undefined, NotResource: `${table}*` }, {}, false],
    ['the table for its index', {}, { resource: `${table}/index/due` }, false],
    ['the indexes of the table', { Resource: `${table}/index/*` }, { resource: `${table}/index/due` }, true],
    ['a resource in other letters', { Resource: table.toUpperCase() }, {}, false],
  ];
  it.each(cases)('%s', (_, given, request, allowed) => {
    expect(allows(given, {}, request)).toBe(allowed);
  });
});

describe('conditions', () => {
  const keys = (...values: string[]): Context => ({ 'dynamodb:leadingkeys': values });
  const onKeys = (operator: string, values: unknown = 'ENDPOINT#*') => ({
    Condition: { [operator]: { 'dynamodb:LeadingKeys': values } },
  });
  const on = (operator: string, key: string, value: unknown) => ({
    Condition: { [operator]: { [key]: value } },
  });
  const cases: [name: string, given: object, context: Context, allowed: boolean][] = [
    ['all leading keys inside', onKeys('ForAllValues:StringLike'), keys('ENDPOINT#1', 'ENDPOINT#2'), true],
    ['one leading key outside', onKeys('ForAllValues:StringLike'), keys('ENDPOINT#1', 'TOKEN#2'), false],
    ['one of several patterns', onKeys('ForAllValues:StringLike', ['A#*', 'B#*']), keys('A#1', 'B#1'), true],
    ['no leading key, ForAllValues', onKeys('ForAllValues:StringLike'), {}, true],
    ['no leading key, ForAnyValue', onKeys('ForAnyValue:StringLike'), {}, false],
    ['no leading key, ForAnyValue negated', onKeys('ForAnyValue:StringNotLike'), {}, false],
    ['no leading key, StringLike', onKeys('StringLike'), {}, false],
    ['no leading key, StringLikeIfExists', onKeys('StringLikeIfExists'), {}, true],
    ['no leading key, StringNotLike', onKeys('StringNotLike'), {}, true],
    ['one of the values is enough', onKeys('ForAnyValue:StringLike'), keys('TOKEN#1', 'ENDPOINT#1'), true],
    [
      'none of the values may match',
      onKeys('ForAllValues:StringNotLike'),
      keys('TOKEN#1', 'ENDPOINT#1'),
      false,
    ],
    ['one value without a set operator', onKeys('StringLike'), keys('ENDPOINT#1'), true],
    ['equals', onKeys('StringEquals', 'A'), keys('A'), true],
    ['equals takes no wildcard', onKeys('StringEquals', 'A*'), keys('AB'), false],
    ['equals minds the letters', onKeys('StringEquals', 'a'), keys('A'), false],
    ['equals, ignoring case', onKeys('StringEqualsIgnoreCase', 'a'), keys('A'), true],
    ['not equals', onKeys('StringNotEquals', ['A', 'B']), keys('B'), false],
    ['Null true, key present', onKeys('Null', 'true'), keys('A'), false],
    ['Null true, key absent', onKeys('Null', 'true'), {}, true],
    ['Null false, key present', onKeys('Null', false), keys('A'), true],
    ['Bool', on('Bool', 'aws:SecureTransport', 'true'), { 'aws:securetransport': ['true'] }, true],
    [
      'Bool of a JSON boolean',
      on('Bool', 'aws:SecureTransport', false),
      { 'aws:securetransport': ['true'] },
      false,
    ],
    [
      'ArnLike',
      on('ArnLike', 'aws:SourceArn', 'arn:aws:events:*:*:rule/*'),
      { 'aws:sourcearn': ['arn:aws:events:r:1:rule/x'] },
      true,
    ],
    ['ArnEquals, key absent', on('ArnEquals', 'aws:SourceArn', 'arn:aws:events:*:*:rule/*'), {}, false],
    ['NumericLessThan', on('NumericLessThan', 'aws:EpochTime', '10'), { 'aws:epochtime': ['9'] }, true],
    [
      'NumericGreaterThanEquals',
      on('NumericGreaterThanEquals', 'aws:EpochTime', 10),
      { 'aws:epochtime': ['9'] },
      false,
    ],
    [
      'DateLessThan',
      on('DateLessThan', 'aws:CurrentTime', '2030-01-01T00:00:00Z'),
      { 'aws:currenttime': ['2029-12-31T23:00:00Z'] },
      true,
    ],
    [
      'DateGreaterThan with epoch seconds',
      on('DateGreaterThan', 'aws:CurrentTime', '0'),
      { 'aws:currenttime': ['2029-12-31T23:00:00Z'] },
      true,
    ],
    [
      'all conditions must hold',
      { Condition: { StringEquals: { 'dynamodb:LeadingKeys': 'A', 'dynamodb:Select': 'COUNT' } } },
      keys('A'),
      false,
    ],
  ];
  it.each(cases)('%s', (_, given, context, allowed) => {
    expect(allows(given, context)).toBe(allowed);
    // The same condition on a Deny holds in the same cases.
    const denied = !decide([statement({}), statement({ ...given, Effect: 'Deny' })], context).allowed;
    expect(denied).toBe(allowed);
  });

  it.each([
    ['condition key aws:SourceVpce', on('StringEquals', 'aws:SourceVpce', 'x')],
    ['condition operator IpAddress', on('IpAddress', 'aws:SourceArn', '10.0.0.0/8')],
  ])('does not let a request through by an unknown %s, and says so', (name, given) => {
    expect(decide([statement(given)])).toMatchObject({
      allowed: false,
      reason: expect.stringContaining(name),
    });
    const denied = decide([statement({}), statement({ ...given, Effect: 'Deny' })]);
    expect(denied).toMatchObject({ allowed: false, reason: expect.stringContaining(name) });
  });

  it('does not guess what several values mean to an operator for one value', () => {
    const refusal = {
      allowed: false,
      reason: expect.stringContaining('needs ForAllValues: or ForAnyValue:'),
    };
    const context = keys('ENDPOINT#1', 'ENDPOINT#2');
    expect(decide([statement(onKeys('StringLike'))], context)).toMatchObject(refusal);
    const deny = statement({ ...onKeys('StringLike'), Effect: 'Deny' });
    expect(decide([statement({}), deny], context)).toMatchObject(refusal);
  });

  it('ignores an unknown condition when another of the statement is false, or another statement allows', () => {
    const unknown = { 'aws:SourceVpce': 'x', 'dynamodb:Select': 'COUNT' };
    const given = { Effect: 'Deny', Condition: { StringEquals: unknown } };
    expect(decide([statement({}), statement(given)]).allowed).toBe(true);
    expect(decide([statement(on('StringEquals', 'aws:SourceVpce', 'x')), statement({})]).allowed).toBe(true);
  });
});

describe('resource policies', () => {
  const caller = { principalArn: 'arn:aws:iam::000000000000:role/Worker' };
  it.each([
    ['every caller', '*', true, false],
    ['the caller', { AWS: caller.principalArn }, true, false],
    ['a service', { Service: 'events.amazonaws.com' }, false, true],
    ['the account, which delegates but denies', { AWS: 'arn:aws:iam::000000000000:root' }, false, false],
  ])('speak to %s', (_, Principal, allowedByAllow, allowedUnderDeny) => {
    expect(allows({ Principal }, {}, caller)).toBe(allowedByAllow);
    const decision = decide([statement({}), statement({ Principal, Effect: 'Deny' })], {}, caller);
    expect(decision.allowed).toBe(allowedUnderDeny);
  });
});

describe('parsing', () => {
  it.each([
    ['NotPrincipal', { NotPrincipal: '*' }],
    ['policy variable', { Resource: 'arn:aws:sqs:*:*:${aws:username}' }],
    ['Effect', { Effect: 'Maybe' }],
    ['Action or NotAction', { Action: undefined }],
  ])('refuses what it would misread: %s', (name, given) => {
    expect(() => statement(given)).toThrow(name);
  });
});

describe('any policy', () => {
  const actions = ['dynamodb:GetItem', 'dynamodb:*', 'sqs:SendMessage', '*'];
  const conditions = [
    undefined,
    { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'ENDPOINT#*' } },
    { StringEquals: { 'aws:SourceVpce': 'unknown here' } },
    { Bool: { 'aws:SecureTransport': 'false' } },
  ];
  const anyStatement = fc
    .record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Action: fc.constantFrom(...actions),
      Resource: fc.constantFrom(table, '*', 'arn:aws:sqs:us-east-1:000000000000:work'),
      Condition: fc.constantFrom(...conditions),
    })
    .map(statement);
  const anyContext: fc.Arbitrary<Context> = fc.constantFrom<Context[]>(
    {},
    { 'dynamodb:leadingkeys': ['ENDPOINT#1'], 'aws:securetransport': ['true'] },
    { 'dynamodb:leadingkeys': ['TOKEN#1'], 'aws:securetransport': ['false'] },
  );
  const policy = fc.array(anyStatement, { maxLength: 6 });

  it('is overruled by a Deny, wherever it stands', () => {
    fc.assert(
      fc.property(policy, anyContext, fc.nat(6), (statements, context, at) => {
        const deny = statement({ Effect: 'Deny' });
        expect(decide(statements.toSpliced(at, 0, deny), context).allowed).toBe(false);
      }),
    );
  });

  it('allows no more when an Allow is removed, a Deny added, or the order changed', () => {
    fc.assert(
      fc.property(policy, anyStatement, anyContext, (statements, extra, context) => {
        const without = decide(statements, context).allowed;
        const withIt = decide([...statements, extra], context).allowed;
        if (extra.effect === 'Allow') expect(without && !withIt).toBe(false);
        else expect(withIt && !without).toBe(false);
        expect(decide(statements.toReversed(), context).allowed).toBe(without);
      }),
    );
  });

  it('denies everything when it has no Allow', () => {
    fc.assert(
      fc.property(policy, anyContext, (statements, context) => {
        const denies = statements.filter(({ effect }) => effect === 'Deny');
        expect(decide(denies, context).allowed).toBe(false);
      }),
    );
  });
});
