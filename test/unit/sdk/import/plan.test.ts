import { describe, expect, it } from 'vitest';
import { createEndpointInputs } from '#core/endpoint/endpoint-input.ts';
import { strictPolicy } from '#core/outbound/target-url.ts';
import { re2 } from '#core/regex/re2.ts';
import { planConvoy } from '#sdk/src/import/convoy.ts';
import { planHook0 } from '#sdk/src/import/hook0.ts';
import { items } from '#sdk/src/import/json.ts';
import { planSvix } from '#sdk/src/import/svix.ts';
import { notesOf } from '#test/support/import-notes.ts';
import convoyExport from '#test/vectors/exports/convoy.json' with { type: 'json' };
import hook0Export from '#test/vectors/exports/hook0.json' with { type: 'json' };
import svixExport from '#test/vectors/exports/svix.json' with { type: 'json' };

const inputs = createEndpointInputs(strictPolicy);

describe.each([
  ['svix', () => planSvix(svixExport)],
  ['convoy', () => planConvoy(convoyExport)],
  ['hook0', () => planHook0(hook0Export)],
])('the endpoints of an export of %s', (_, plan) => {
  it('are valid for the API, and each has its own source', () => {
    const { endpoints } = plan();
    expect(endpoints.length).toBeGreaterThan(1);
    for (const { endpoint, source } of endpoints) {
      expect(() => inputs.parse(endpoint, re2)).not.toThrow();
      expect(endpoint.metadata).toMatchObject({ importedFrom: source });
    }
    expect(new Set(endpoints.map(({ source }) => source)).size).toBe(endpoints.length);
  });

  it('have no secret in their notes', () => {
    const notes = JSON.stringify([notesOf(plan()), plan().leftOut]);
    for (const secret of ['whsec_', 'convoy-secret', 'customers-own-key', '0f8e9d1c', '1a9f0e2d']) {
      expect(notes).not.toContain(secret);
    }
  });
});

describe('an entry with the wrong form', () => {
  const bad = [null, 'https://a.example.com', { url: 'https://a.example.com/?key=secret' }];
  const failures = (list: string, what: string) =>
    ['null', 'a string', 'an object that lacks one of them'].map((received, index) => ({
      name: `${list}[${index}]`,
      failed: true,
      reason: `expected ${what}; received ${received}`,
    }));

  it.each([
    ['svix', planSvix, svixExport, 'endpoints', 'an endpoint of Svix, with id and url'],
    ['convoy', planConvoy, convoyExport, 'endpoints', 'an endpoint of Convoy, with uid and url'],
    ['hook0', planHook0, hook0Export, 'subscriptions', 'a subscription, with subscription_id and target.url'],
  ] as const)(
    'of %s is named by its position, and the others are planned',
    (system, plan, exported, list, what) => {
      const whole = plan(exported);
      const given: unknown = Reflect.get(exported, list);
      const partly = plan({ ...exported, [list]: [...bad, ...items(given, list)] });
      expect(partly.endpoints).toEqual(whole.endpoints);
      const failed = partly.leftOut.filter((one) => one.failed);
      expect(failed).toMatchObject(failures(list, what));
      expect(failed.map(({ source }) => source)).toEqual([0, 1, 2].map((n) => `${system}:${list}[${n}]`));
      expect(partly.leftOut.filter((one) => !one.failed)).toEqual(whole.leftOut);
    },
  );

  it('can also be a subscription of Convoy or an event type', () => {
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

describe('an export whose last page says that more follow', () => {
  const svixPage = (done: boolean) => ({ data: [], done, iterator: 'next' });
  const convoyPage = (has_next_page: boolean) => ({ data: { content: [], pagination: { has_next_page } } });

  it.each([
    ['one page of Svix', svixPage(false)],
    ['several pages of Svix', [svixPage(false), svixPage(false)]],
    ['one page of Convoy', convoyPage(true)],
    ['several pages of Convoy', [convoyPage(true), convoyPage(true)]],
  ])('is refused: %s', (_, page) => {
    expect(() => items(page, 'endpoints')).toThrow(/^endpoints(\[1\])?: the last page says that more follow/);
  });

  it('is complete with the page after it', () => {
    expect(items([svixPage(false), svixPage(true)], 'endpoints')).toEqual([]);
    expect(items([convoyPage(true), convoyPage(false)], 'endpoints')).toEqual([]);
  });
});
