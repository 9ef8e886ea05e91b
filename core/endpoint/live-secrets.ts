import type { SigningSecret } from './endpoint.ts';

/** The secrets that sign at the time `now` (epoch milliseconds), newest first. */
export const liveSecrets = (secrets: readonly SigningSecret[], now: number): SigningSecret[] =>
  secrets
    .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
    .toSorted((left, right) => right.createdAt - left.createdAt);
