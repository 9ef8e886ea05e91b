import {
  type CredentialSweep,
  isSweepOutcome,
  type SweepPosition,
} from '#core/encryption/credential-sweep.ts';

export interface RewritePorts {
  /** Invokes the api function, the only one that may encrypt and decrypt. */
  sweep(request: CredentialSweep): Promise<unknown>;
  sleep(delay: number): Promise<void>;
  /** Whether there is time for another invocation. */
  hasTime(): boolean;
}

// A policy that was just changed takes some seconds until it counts everywhere.
const tries = 6;
const pause = 10_000;

/**
 * Has the credentials of all endpoints rewritten, as the setting `credentialEncryption` wants them. A deployment that was
 * stopped within it continues with the next one, because endpoints that are done are left alone.
 *
 * @throws Error when the setting does not allow what is stored, or the key cannot be used
 */
export async function sweepAllCredentials(ports: RewritePorts): Promise<void> {
  let from: SweepPosition | undefined;
  let failures = 0;
  for (;;) {
    if (!ports.hasTime()) {
      throw new Error(
        'there was no time to encrypt or decrypt the credentials of all endpoints; ' +
          'those that are done stay so, and another deployment continues',
      );
    }
    const outcome = await ports.sweep({ v: 1, kind: 'credential-sweep', from });
    if (!isSweepOutcome(outcome)) throw new Error('the api function did not answer as this release expects');
    if (outcome.kind === 'swept') {
      if (outcome.next === undefined) return;
      from = outcome.next;
      failures = 0;
      continue;
    }
    failures += 1;
    if (outcome.kind === 'refused' || failures === tries) throw new Error(outcome.reason);
    await ports.sleep(pause);
  }
}
