import { describe, expect, it } from 'vitest';
import type { CredentialSweep, CredentialSweepOutcome } from '#core/encryption/credential-sweep.ts';
import { sweepAllCredentials } from '#lambdas/bootstrap/sweep-credentials.ts';

const failed = { kind: 'failed', reason: 'KMS did not unwrap the data key' } as const;

/** The api function, which answers these outcomes one after the other. */
function world(outcomes: readonly (CredentialSweepOutcome | undefined)[], invocations = 100) {
  const asked: CredentialSweep[] = [];
  let slept = 0;
  const ports = {
    sweep: async (request: CredentialSweep) => {
      asked.push(request);
      return outcomes[Math.min(asked.length, outcomes.length) - 1];
    },
    sleep: async (delay: number) => {
      slept += delay;
    },
    hasTime: () => asked.length < invocations,
  };
  return { asked, slept: () => slept, run: () => sweepAllCredentials(ports) };
}

describe('the sweep of all credentials', () => {
  it('goes on where each invocation stopped, until the end', async () => {
    const next = { applications: 'acme', endpoints: { applicationId: 'globex', after: 'ep_1' } };
    const { asked, run } = world([
      { kind: 'swept', rewritten: 50, next },
      { kind: 'swept', rewritten: 3 },
    ]);
    await run();

    expect(asked).toEqual([
      { v: 1, kind: 'credential-sweep', from: undefined },
      { v: 1, kind: 'credential-sweep', from: next },
    ]);
  });

  it('waits for a permission that does not count everywhere yet', async () => {
    const { slept, run } = world([failed, failed, { kind: 'swept', rewritten: 1 }]);
    await run();

    expect(slept()).toBe(20_000);
  });

  it('fails the deployment with the reason when the key cannot be used', async () => {
    const { asked, run } = world([failed]);

    await expect(run()).rejects.toThrow('KMS did not unwrap the data key');
    expect(asked).toHaveLength(6);
  });

  it('fails the deployment at once when it would delete the key of what is encrypted', async () => {
    const { asked, run } = world([{ kind: 'refused', reason: 'deploy credentialEncryption=ending first' }]);

    await expect(run()).rejects.toThrow('deploy credentialEncryption=ending first');
    expect(asked).toHaveLength(1);
  });

  it('says that another deployment continues when its time is over', async () => {
    const { run } = world([{ kind: 'swept', rewritten: 50, next: { applications: 'acme' } }], 3);

    await expect(run()).rejects.toThrow('another deployment continues');
  });

  it('does not take another answer for success', async () => {
    const { run } = world([undefined]);

    await expect(run()).rejects.toThrow('the api function did not answer as this release expects');
  });
});
