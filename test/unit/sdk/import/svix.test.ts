import { describe, expect, it } from 'vitest';
import { planSvix } from '#sdk/src/import/svix.ts';
import { notesOf } from '#test/support/import-notes.ts';
import svixExport from '#test/vectors/exports/svix.json' with { type: 'json' };

describe('an export of Svix', () => {
  const plan = planSvix(svixExport);
  const [orders, audit, crm] = plan.endpoints;

  it('keeps secrets, types, headers, rates and metadata, and turns channels into tags', () => {
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

  it('names the differences', () => {
    expect(notesOf(plan)[0]).toEqual([
      'adapted: channels: post the channels of an event as its tags',
      expect.stringMatching(/^not carried over: header Authorization: Svix hides its value/),
    ]);
    expect(crm).toMatchObject({ disabled: true, endpoint: { rateLimit: { perSecond: 5 } } });
    expect(crm?.endpoint.security).toBeUndefined();
    expect(notesOf(plan)[2]).toEqual([
      expect.stringMatching(/^not carried over: secret: the export has none/),
      expect.stringMatching(/^not carried over: transformation: .*; created disabled/),
    ]);
  });

  it('can be one answer, several pages, or a list', () => {
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
  ])('is refused when it has the wrong form: %j', (exported, message) => {
    expect(() => planSvix(exported)).toThrow(message);
  });

  it('keeps secrets without a prefix and does not import asymmetric keys', () => {
    const id = 'ep_1';
    const of = (key: string) =>
      planSvix({
        endpoints: [{ id, url: 'https://a.example.com' }],
        secrets: { [id]: key },
        transformations: { [id]: null },
      }).endpoints[0];
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

  it('creates an endpoint disabled when its filter cannot be kept', () => {
    const channels = ['x'.repeat(65)];
    const [planned] = planSvix({
      endpoints: [{ id: 'ep_1', url: 'https://a.example.com', channels }],
    }).endpoints;
    expect(planned).toMatchObject({ disabled: true });
    expect(planned?.endpoint.filters).toBeUndefined();
  });
});
