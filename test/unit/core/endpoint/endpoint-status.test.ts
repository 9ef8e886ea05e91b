import { describe, expect, it } from 'vitest';
import { changeStatus } from '#core/endpoint/endpoint-status.ts';
import { createDisableEndpoint } from '#core/lifecycle/disable-endpoint.ts';
import { noon } from '#test/support/deliveries.ts';

describe('the time of a status', () => {
  it('is after that of the status before, also if that was set by a clock that is ahead', () => {
    const disabled = { status: 'disabled', reason: '410_gone', since: noon + 5_000 } as const;
    expect(changeStatus(disabled, 'enable', noon)).toEqual({ status: 'active', since: noon + 5_001 });
    expect(changeStatus(disabled, 'enable', noon + 9_000)).toEqual({ status: 'active', since: noon + 9_000 });
  });

  it('is not before that of the death which disabled the endpoint', async () => {
    const calls: unknown[] = [];
    const disable = createDisableEndpoint({
      attention: { watch: async () => undefined },
      config: {
        disable: async (...args) => {
          calls.push(args);
          return true;
        },
      },
      announce: async (event) => void calls.push(event),
      now: () => noon,
    });
    const of = { applicationId: 'default', endpointId: 'ep_1' };
    await disable(of, '410_gone', noon + 5_000);
    expect(calls).toEqual([
      ['ep_1', '410_gone', noon + 5_000, noon + 5_000],
      { type: 'endpoint.disabled', ...of, reason: '410_gone', since: noon + 5_000 },
    ]);
  });
});
