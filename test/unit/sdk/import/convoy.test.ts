import { describe, expect, it } from 'vitest';
import { planConvoy } from '#sdk/src/import/convoy.ts';
import { convoyFilter } from '#sdk/src/import/convoy-filter.ts';
import { notesOf } from '#test/support/import-notes.ts';
import convoyExport from '#test/vectors/exports/convoy.json' with { type: 'json' };

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

  it('names the differences', () => {
    expect(notesOf(plan)[0]).toEqual([
      expect.stringMatching(/^not carried over: event types "invoice:draft"/),
      expect.stringMatching(/^adapted: filter of the body/),
      'adapted: rate limit: 90 in 60 s becomes 1 in 1 s',
      'adapted: timeout: 60 s becomes 30 s, the nearest accepted value',
      expect.stringMatching(/^not carried over: support_email/),
      'not carried over: secrets: the newest of 2 is kept',
    ]);
    expect(everything).toMatchObject({ disabled: true, endpoint: { events: ['*'] } });
    expect(everything?.endpoint.retryConfig).toBeUndefined();
    expect(notesOf(plan)[1]).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^not carried over: filter of the body: payload\.lines\.\$\.sku: .*; created disabled/,
        ),
        expect.stringMatching(/^adapted: retries: they take more than 7 days/),
      ]),
    );
  });

  it('names the entries that are left out', () => {
    expect(plan.leftOut.slice(1)).toEqual([
      {
        source: 'convoy:01HQ5Z8V0T2N6C9M4R7B1XKJ4F',
        name: 'Idle',
        reason: 'no subscription names it, so it received nothing',
      },
    ]);
    const orphan = { ...convoyExport, endpoints: [] };
    expect(
      planConvoy(orphan)
        .leftOut.slice(1)
        .map(({ reason }) => reason),
    ).toEqual(Array(2).fill('its endpoint is not in the export'));
  });

  it('translates body filters, or names the part that has no counterpart', () => {
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
