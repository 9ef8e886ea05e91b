import { describe, expect, it } from 'vitest';
import { planConvoy } from '#sdk/src/import/convoy.ts';
import { planHook0 } from '#sdk/src/import/hook0.ts';
import type { ImportPlan } from '#sdk/src/import/plan.ts';
import { planSvix } from '#sdk/src/import/svix.ts';
import convoyExport from '#test/vectors/exports/convoy.json' with { type: 'json' };
import hook0Export from '#test/vectors/exports/hook0.json' with { type: 'json' };
import svixExport from '#test/vectors/exports/svix.json' with { type: 'json' };

describe('the event types of an export', () => {
  const summaryOf = ({ eventTypes }: ImportPlan) =>
    eventTypes.map(({ eventType, notes }) => [eventType, notes.map(({ text }) => text)]);

  it('keep their names and descriptions, but not schemas and archiving', () => {
    expect(summaryOf(planSvix(svixExport))).toEqual([
      [{ name: 'order.created', description: 'An order was placed' }, [expect.stringMatching(/^schema: /)]],
      [{ name: 'order.lost' }, [expect.stringMatching(/^archived: /)]],
    ]);
    expect(summaryOf(planHook0(hook0Export))).toEqual([[{ name: 'order.invoice.paid' }, []]]);
  });

  it('are left out when their name is invalid here', () => {
    const plan = planConvoy(convoyExport);
    expect(summaryOf(plan)).toEqual([[{ name: 'invoice.paid', description: 'Paid' }, []]]);
    expect(plan.leftOut[0]).toMatchObject({ source: 'convoy:invoice:draft', name: 'invoice:draft' });
  });
});
