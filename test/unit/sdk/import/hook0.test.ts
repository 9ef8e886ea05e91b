import { describe, expect, it } from 'vitest';
import { planHook0 } from '#sdk/src/import/hook0.ts';
import { notesOf } from '#test/support/import-notes.ts';
import hook0Export from '#test/vectors/exports/hook0.json' with { type: 'json' };

describe('an export of the original Hook0', () => {
  const plan = planHook0(hook0Export);
  const [invoices, users] = plan.endpoints;

  it('keeps secret and signature, and turns labels into tags', () => {
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
      'not carried over: dedicated workers: there is no counterpart',
      expect.stringMatching(/^adapted: retry schedule/),
    ]);
  });

  it('creates an endpoint disabled when it was, or when its method is not POST', () => {
    expect(users).toMatchObject({
      disabled: true,
      endpoint: { filters: { conditions: [{ value: 'all:yes' }] } },
      notes: [
        {
          kind: 'not carried over',
          text: 'method PUT: webhooks are sent by POST; created disabled: check it, then enable it',
        },
      ],
    });
  });

  it('names the entries that are left out', () => {
    expect(plan.leftOut).toEqual([
      {
        source: 'hook0:d0b7c4e6-13f5-4d20-8c99-8e3b4a5f6c7d',
        name: 'Nothing',
        reason: 'it has no event types, so it received nothing',
      },
    ]);
  });

  it('can be the list of subscriptions alone, without event types', () => {
    expect(planHook0(hook0Export.subscriptions)).toEqual({ ...plan, eventTypes: [] });
  });
});
