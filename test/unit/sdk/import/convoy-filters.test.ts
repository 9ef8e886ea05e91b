import { describe, expect, it } from 'vitest';
import { planConvoy } from '#sdk/src/import/convoy.ts';
import { notesOf } from '#test/support/import-notes.ts';

interface Parts {
  readonly endpoint?: object;
  readonly subscription?: object;
  readonly filters?: unknown;
}

const row = (event_type: string, body: object, more: object = {}) => ({ event_type, body, ...more });

function imported({ endpoint = {}, subscription = {}, filters = { sub: [] } }: Parts) {
  const plan = planConvoy({
    endpoints: [{ uid: 'ep', url: 'https://a.example.com', secrets: [{ value: 's' }], ...endpoint }],
    subscriptions: [
      {
        ...{ uid: 'sub', endpoint_metadata: { uid: 'ep' }, filter_config: { event_types: ['a', 'b'] } },
        ...subscription,
      },
    ],
    filters,
  });
  const [only] = plan.endpoints;
  return { ...only, notes: notesOf(plan)[0] ?? [] };
}

const paid = { field: 'payload.paid', operator: 'eq', value: true };
const is = (value: string) => ({ field: 'type', operator: 'eq', value });
const isNot = (...value: string[]) => ({ field: 'type', operator: 'nin', value });
const and = (...conditions: unknown[]) => ({ logic: 'AND', conditions });

describe('the filters of a subscription of Convoy', () => {
  it.each([
    ['that has none', ['a', 'b'], [], undefined],
    ['for all its types', ['a', 'b'], [row('*', { paid: true })], and(paid)],
    [
      'for one of its types, beside those of all others',
      ['a', 'b'],
      [row('a', { paid: true }), row('*', { n: 1 })],
      {
        logic: 'OR',
        conditions: [
          and(is('a'), and(paid)),
          and(isNot('a'), and({ field: 'payload.n', operator: 'eq', value: 1 })),
        ],
      },
    ],
    [
      'for one type, where the others have none',
      ['*'],
      [row('a', { paid: true })],
      { logic: 'OR', conditions: [and(is('a'), and(paid)), and(isNot('a'))] },
    ],
    [
      'for each of its types',
      ['a'],
      [row('a', { paid: true })],
      { logic: 'OR', conditions: [and(is('a'), and(paid))] },
    ],
    ['for a type that it does not receive', ['a'], [row('b', { paid: true })], undefined],
  ])('%s', (_, event_types, table, filters) => {
    const { endpoint, disabled } = imported({
      subscription: { filter_config: { event_types, filter: { body: { stale: 1 } } } },
      filters: { sub: { data: table } },
    });
    expect(endpoint?.filters).toEqual(filters);
    expect(disabled).toBe(false);
  });

  it('come from the subscription itself where a release has no table', () => {
    const filter_config = { event_types: ['a'], filter: { body: { paid: true } } };
    const { endpoint, disabled } = imported({ subscription: { filter_config }, filters: { sub: null } });
    expect(endpoint?.filters).toEqual(and(paid));
    expect(disabled).toBe(false);
  });

  it.each([
    ['are not in the export', {}, /^not carried over: filters: the export does not have those/],
    [
      'are switched off',
      { sub: [row('a', {}, { enabled_at: null })] },
      /filters of a: they are switched off/,
    ],
    ['look at headers', { sub: [row('a', {}, { headers: { x: 'y' } })] }, /filter of headers: an event here/],
  ])('leave the endpoint disabled when they %s', (_, filters, note) => {
    const { disabled, notes } = imported({ filters });
    expect(disabled).toBe(true);
    expect(notes).toContainEqual(expect.stringMatching(note));
  });
});

describe('what decides about deliveries and does not exist here leaves an endpoint of Convoy disabled:', () => {
  it.each<[string, Parts, RegExp]>([
    [
      'a source',
      { subscription: { source_metadata: { name: 'shop' } } },
      /source shop: set a filter on source/,
    ],
    ['at-most-once', { subscription: { delivery_mode: 'at_most_once' } }, /at_most_once: every delivery/],
    ['a developer’s machine', { subscription: { type: 'cli' } }, /type cli/],
    [
      'forms',
      { endpoint: { content_type: 'application/x-www-form-urlencoded' } },
      /content type application\/x-www-form-urlencoded/,
    ],
    ['a client certificate', { endpoint: { mtls_client_cert: { client_cert: '…' } } }, /client certificate/],
    [
      'less than one delivery a second',
      { endpoint: { rate_limit: 5, rate_limit_duration: 60 } },
      /rate limit: 5/,
    ],
    ['OAuth', { endpoint: { authentication: { type: 'oauth2', oauth2: {} } } }, /authentication oauth2/],
  ])('%s', (_, parts, note) => {
    const { disabled, notes } = imported(parts);
    expect(disabled).toBe(true);
    expect(notes).toContainEqual(expect.stringMatching(note));
  });
});

describe('an endpoint of Convoy', () => {
  it('keeps the lower of its own rate and that of its subscription', () => {
    const endpoint = { rate_limit: 100, rate_limit_duration: 10 };
    const rate = (count: number) =>
      imported({ endpoint, subscription: { rate_limit_config: { count, duration: 1 } } }).endpoint?.rateLimit;
    expect([rate(3), rate(50), rate(0)]).toEqual([{ perSecond: 3 }, { perSecond: 10 }, { perSecond: 10 }]);
  });

  it('sends basic authentication as the header that it is', () => {
    const authentication = { type: 'basic_auth', basic_auth: { username: 'me', password: 'pa:ss' } };
    const { endpoint, disabled } = imported({ endpoint: { authentication } });
    expect(endpoint?.headers).toEqual({
      authorization: `Basic ${Buffer.from('me:pa:ss').toString('base64')}`,
    });
    expect(disabled).toBe(false);
  });

  it('does not make a pattern of an event type that only looks like one', () => {
    const filter_config = { event_types: ['a', 'order.*'] };
    expect(imported({ subscription: { filter_config } }).endpoint?.events).toEqual(['a']);
  });
});
