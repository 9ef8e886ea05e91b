import { describe, expect, it } from 'vitest';
import { createEndpointInputs } from '../../lambdas/core/endpoint/endpoint-input.ts';
import { re2 } from '../../lambdas/core/filters/re2.ts';
import { strictPolicy } from '../../lambdas/core/target/target-url.ts';
import { planConvoy } from '../../sdk/src/import/convoy.ts';
import { convoyFilter } from '../../sdk/src/import/convoy-filter.ts';
import { planHook0 } from '../../sdk/src/import/hook0.ts';
import { items } from '../../sdk/src/import/json.ts';
import type { ImportPlan } from '../../sdk/src/import/plan.ts';
import { planSvix } from '../../sdk/src/import/svix.ts';
import convoyExport from '../vectors/exports/convoy.json' with { type: 'json' };
import hook0Export from '../vectors/exports/hook0.json' with { type: 'json' };
import svixExport from '../vectors/exports/svix.json' with { type: 'json' };

const inputs = createEndpointInputs(strictPolicy);
const notesOf = (plan: ImportPlan) =>
  plan.endpoints.map(({ notes }) => notes.map(({ kind, text }) => `${kind}: ${text}`));

describe.each([
  ['svix', () => planSvix(svixExport)],
  ['convoy', () => planConvoy(convoyExport)],
  ['hook0', () => planHook0(hook0Export)],
])('the endpoints of an export of %s', (_, plan) => {
  it('are what the API takes, and each can be found again', () => {
    const { endpoints } = plan();
    expect(endpoints.length).toBeGreaterThan(1);
    for (const { endpoint, source } of endpoints) {
      expect(() => inputs.parse(endpoint, re2)).not.toThrow();
      expect(endpoint.metadata).toMatchObject({ importedFrom: source });
    }
    expect(new Set(endpoints.map(({ source }) => source)).size).toBe(endpoints.length);
  });

  it('have no secret in what is told of them', () => {
    const told = JSON.stringify([notesOf(plan()), plan().leftOut]);
    for (const secret of ['whsec_', 'convoy-secret', 'customers-own-key', '0f8e9d1c', '1a9f0e2d']) {
      expect(told).not.toContain(secret);
    }
  });
});

describe('an entry that cannot be read', () => {
  const bad = [null, 'https://a.example.com', { url: 'https://a.example.com/?key=secret' }];
  const told = (list: string, what: string) =>
    ['null', 'a string', 'an object that lacks one of them'].map((received, index) => ({
      ...{ name: `${list}[${index}]`, failed: true, reason: `expected ${what}; received ${received}` },
    }));

  it.each([
    ['svix', planSvix, svixExport, 'endpoints', 'an endpoint of Svix, with id and url'],
    ['convoy', planConvoy, convoyExport, 'endpoints', 'an endpoint of Convoy, with uid and url'],
    ['hook0', planHook0, hook0Export, 'subscriptions', 'a subscription, with subscription_id and target.url'],
  ] as const)(
    'of %s is told by its place, and the others are planned',
    (system, plan, exported, list, what) => {
      const whole = plan(exported);
      const given: unknown = Reflect.get(exported, list);
      const partly = plan({ ...exported, [list]: [...bad, ...items(given, list)] });
      expect(partly.endpoints).toEqual(whole.endpoints);
      const failed = partly.leftOut.filter((one) => one.failed);
      expect(failed).toMatchObject(told(list, what));
      expect(failed.map(({ source }) => source)).toEqual([0, 1, 2].map((n) => `${system}:${list}[${n}]`));
      expect(partly.leftOut.filter((one) => !one.failed)).toEqual(whole.leftOut);
    },
  );

  it('may be a subscription of Convoy or an event type, too', () => {
    const subscriptions = [null, ...items(convoyExport.subscriptions, 'subscriptions')];
    const eventTypes = [null, ...items(convoyExport.eventTypes, 'eventTypes')];
    const plan = planConvoy({ ...convoyExport, subscriptions, eventTypes });
    expect(plan).toMatchObject({
      endpoints: planConvoy(convoyExport).endpoints,
      eventTypes: planConvoy(convoyExport).eventTypes,
    });
    expect(plan.leftOut.filter((one) => one.failed).map(({ reason }) => reason)).toEqual([
      'expected an event type; received null',
      'expected a subscription of Convoy; received null',
    ]);
  });
});

describe('an export of Svix', () => {
  const plan = planSvix(svixExport);
  const [orders, audit, crm] = plan.endpoints;

  it('keeps secrets, types, headers, rates and metadata; channels become tags', () => {
    expect(orders).toMatchObject({
      source: 'svix:ep_2aX3kTqKq0bWnmP0c8Y6sVd1uRf',
      disabled: false,
      endpoint: {
        name: 'Order Processing',
        url: 'https://orders.example.com/webhooks',
        events: ['order.created', 'order.paid'],
        headers: { 'X-Tenant': 'acme' },
        rateLimit: { perSecond: 50 },
        security: { secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
        filters: {
          logic: 'OR',
          conditions: [
            { field: 'tags', operator: 'contains', value: 'project_1' },
            { field: 'tags', operator: 'contains', value: 'project_2' },
          ],
        },
        metadata: { team: 'orders', uid: 'orders-prod' },
      },
    });
    expect(audit).toMatchObject({ disabled: true, endpoint: { name: 'audit.example.com', events: ['*'] } });
    expect(audit?.notes).toEqual([]);
  });

  it('says what is not as it was', () => {
    expect(notesOf(plan)[0]).toEqual([
      'adapted: channels: events must carry the channel as a tag',
      expect.stringMatching(/^not carried over: header Authorization: Svix does not tell its value/),
    ]);
    expect(crm).toMatchObject({ disabled: true, endpoint: { rateLimit: { perSecond: 5 } } });
    expect(crm?.endpoint.security).toBeUndefined();
    expect(notesOf(plan)[2]).toEqual([
      expect.stringMatching(/^not carried over: secret: the export has none/),
      expect.stringMatching(/^not carried over: transformation: .*; created disabled/),
    ]);
  });

  it('is read as one answer, as several pages, and as a bare list', () => {
    const { endpoints } = svixExport;
    const [first, ...rest] = endpoints.data;
    const pages = [{ data: [first] }, { data: rest }];
    for (const shape of [endpoints.data, pages]) {
      expect(planSvix({ ...svixExport, endpoints: shape })).toEqual(plan);
    }
  });

  it.each([
    [[], 'has no "endpoints"'],
    [{ endpoints: 'x' }, 'endpoints: expected a list'],
  ])('that is none is refused: %j', (exported, message) => {
    expect(() => planSvix(exported)).toThrow(message);
  });

  it('keeps bare secrets and refuses to use public keys as such', () => {
    const id = 'ep_1';
    const of = (key: string) =>
      planSvix({ endpoints: [{ id, url: 'https://a.example.com' }], secrets: { [id]: key } }).endpoints[0];
    expect(of('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')?.endpoint.security?.secret).toBe(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    );
    expect(
      of('whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=='),
    ).toMatchObject({
      endpoint: { metadata: { importedFrom: 'svix:ep_1' } },
      notes: [{ kind: 'not carried over', text: expect.stringContaining('asymmetric') }],
    });
  });

  it('creates disabled what would get events that it should not', () => {
    const channels = ['x'.repeat(65)];
    const [planned] = planSvix({
      endpoints: [{ id: 'ep_1', url: 'https://a.example.com', channels }],
    }).endpoints;
    expect(planned).toMatchObject({ disabled: true });
    expect(planned?.endpoint.filters).toBeUndefined();
  });
});

describe('an export of Convoy', () => {
  const plan = planConvoy(convoyExport);
  const [invoices, everything] = plan.endpoints;

  it('becomes an endpoint for each subscription, with the secret and header that its receiver checks', () => {
    expect(invoices).toMatchObject({
      source: 'convoy:01HQ5Z8V0T2N6C9M4R7B1XKJ3E/01HQ5SUB00000000000000001',
      disabled: false,
      endpoint: {
        name: 'Billing: invoices',
        url: 'https://billing.example.com/convoy',
        events: ['invoice.paid', 'invoice.void'],
        headers: { 'X-Api-Key': 'customers-own-key' },
        timeout: 30_000,
        retryConfig: { strategy: 'fixed', maxAttempts: 5, baseDelay: 30_000, maxDelay: 30_000 },
        rateLimit: { perSecond: 1 },
        security: { secret: 'the-convoy-secret', signatureHeader: 'X-Billing-Signature' },
        metadata: { ownerId: 'customer-17' },
      },
    });
  });

  it('says what is not as it was', () => {
    expect(notesOf(plan)[0]).toEqual([
      expect.stringMatching(/^not carried over: event types "invoice:draft"/),
      expect.stringMatching(/^adapted: filter of the body/),
      'adapted: rate limit: 90 in 60 s is 1 in 1 s',
      'adapted: timeout: 60 s is 30 s, the nearest there is',
      expect.stringMatching(/^not carried over: support_email/),
      'not carried over: secrets: the newest of 2 is kept',
    ]);
    expect(everything).toMatchObject({ disabled: true, endpoint: { events: ['*'] } });
    expect(everything?.endpoint).not.toHaveProperty('retryConfig');
    expect(notesOf(plan)[1]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^not carried over: filter of the body: payload\.lines\.\$\.sku: .*; created disabled/,
        ),
        expect.stringMatching(/^adapted: retries: they go on for more than 7 days/),
      ]),
    );
  });

  it('names what is left out', () => {
    expect(plan.leftOut.slice(1)).toEqual([
      {
        source: 'convoy:01HQ5Z8V0T2N6C9M4R7B1XKJ4F',
        name: 'Idle',
        reason: 'no subscription names it, so it got nothing',
      },
    ]);
    const orphan = { ...convoyExport, endpoints: [] };
    expect(
      planConvoy(orphan)
        .leftOut.slice(1)
        .map(({ reason }) => reason),
    ).toEqual(Array(2).fill('its endpoint is not in the export'));
  });

  it('translates filters of bodies, or says which part it cannot', () => {
    expect(invoices?.endpoint.filters).toEqual({
      logic: 'AND',
      conditions: [
        { field: 'payload.invoice.total', operator: 'gte', value: 100 },
        { field: 'payload.invoice.currency', operator: 'eq', value: 'EUR' },
        {
          logic: 'OR',
          conditions: [
            {
              logic: 'AND',
              conditions: [{ field: 'payload.customer.country', operator: 'in', value: ['DE', 'FR'] }],
            },
            { logic: 'AND', conditions: [{ field: 'payload.customer.vip', operator: 'eq', value: true }] },
          ],
        },
      ],
    });
    expect(convoyFilter({})).toBeUndefined();
    expect(() => convoyFilter({ a: { $unknown: 1 } })).toThrow('the operator $unknown');
    expect(() => convoyFilter({ $or: [] })).toThrow('$or');
  });
});

describe('an export of the original Hook0', () => {
  const plan = planHook0(hook0Export);
  const [invoices, users] = plan.endpoints;

  it('keeps secret and signature; labels become tags as those of its events do', () => {
    expect(invoices).toMatchObject({
      source: 'hook0:b8f5a2c4-91d3-4b0e-8a77-6c1f2e3d4a5b',
      disabled: false,
      endpoint: {
        name: 'Invoices of customer 42',
        events: ['order.invoice.paid', 'order.invoice.void'],
        headers: { 'X-Tenant': '42' },
        security: { secret: '0f8e9d1c-7a6b-4c5d-8e9f-a0b1c2d3e4f5', signatureScheme: 'hook0-v1' },
        filters: {
          logic: 'AND',
          conditions: [
            { field: 'tags', operator: 'contains', value: 'customer:42' },
            { field: 'tags', operator: 'contains', value: 'region:eu' },
          ],
        },
        metadata: { plan: 'gold' },
      },
    });
    expect(notesOf(plan)[0]).toEqual([
      'not carried over: dedicated workers: there are none here',
      expect.stringMatching(/^adapted: retry schedule/),
    ]);
  });

  it('creates disabled what was, and what cannot be sent as it was', () => {
    expect(users).toMatchObject({
      disabled: true,
      endpoint: { filters: { conditions: [{ value: 'all:yes' }] } },
      notes: [
        {
          kind: 'not carried over',
          text: 'method PUT: webhooks are sent by POST; created disabled: enable it when it is right',
        },
      ],
    });
  });

  it('names what is left out', () => {
    expect(plan.leftOut).toEqual([
      {
        source: 'hook0:d0b7c4e6-13f5-4d20-8c99-8e3b4a5f6c7d',
        name: 'Nothing',
        reason: 'it has no event types, so it got nothing',
      },
    ]);
  });

  it('is read as the bare answer too, without event types then', () => {
    expect(planHook0(hook0Export.subscriptions)).toEqual({ ...plan, eventTypes: [] });
  });
});

describe('the event types of an export', () => {
  const told = ({ eventTypes }: ImportPlan) =>
    eventTypes.map(({ eventType, notes }) => [eventType, notes.map(({ text }) => text)]);

  it('keep name and description; schemas and archiving would begin to refuse events', () => {
    expect(told(planSvix(svixExport))).toEqual([
      [{ name: 'order.created', description: 'An order was placed' }, [expect.stringMatching(/^schema: /)]],
      [{ name: 'order.lost' }, [expect.stringMatching(/^archived: /)]],
    ]);
    expect(told(planHook0(hook0Export))).toEqual([[{ name: 'order.invoice.paid' }, []]]);
  });

  it('are left out by name when they can be none here', () => {
    const plan = planConvoy(convoyExport);
    expect(told(plan)).toEqual([[{ name: 'invoice.paid', description: 'Paid' }, []]]);
    expect(plan.leftOut[0]).toMatchObject({ source: 'convoy:invoice:draft', name: 'invoice:draft' });
  });
});
