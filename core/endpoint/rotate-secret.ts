import * as z from 'zod/mini';
import { isObject, withoutNulls } from '#core/json/merge-patch.ts';
import { Problem } from '#core/problem/problem.ts';
import { fields, whole } from '#core/validation/schemas.ts';
import { fieldError, problemOf, validate } from '#core/validation/validate.ts';
import type { Endpoint } from './endpoint.ts';
import { secretSchema } from './endpoint-schema.ts';
import { liveSecrets } from './live-secrets.ts';

const day = 24 * 60 * 60 * 1_000;

export const rotationLimits = {
  /** Milliseconds for which the secrets before go on signing, unless the request says otherwise. */
  overlap: day,
  longestOverlap: 7 * day,
  /** Each adds a signature to a header that receivers' servers bound, often at 8 KB for all. */
  liveSecrets: 10,
} as const;

export const rotationSchema = fields({
  overlap: z._default(whole(0, rotationLimits.longestOverlap, 'milliseconds'), rotationLimits.overlap),
  secret: z.optional(secretSchema),
});

/** How the caller wants to rotate. Durations in milliseconds. */
export interface Rotation {
  readonly overlap: number;
  /** The caller's own; absent for one that is to be made. */
  readonly secret?: string | undefined;
}

/** @throws Problem `validation_failed` */
export function readRotation(body: unknown): Rotation {
  return validate({
    schema: rotationSchema,
    value: isObject(body) ? withoutNulls(body) : body,
    received: body,
  });
}

/**
 * The endpoint with another current secret, the newest first. Those before it sign until the overlap ends, or until
 * an end that was set earlier; what has ended leaves. One that is still on its way out may come back.
 *
 * @param secret - of the caller, or made.
 * @param now - epoch milliseconds.
 * @throws Problem `validation_failed` for the secret that signs already, `too_many_secrets`
 */
export function rotated(endpoint: Endpoint, secret: string, overlap: number, now: number): Endpoint {
  const live = liveSecrets(endpoint.secrets, now);
  if (live.some(({ value, expiresAt }) => value === secret && expiresAt === undefined)) {
    throw problemOf([
      fieldError(['secret'], 'the current secret', 'another one, or none for one that is made'),
    ]);
  }
  const end = now + overlap;
  const older = live
    .filter(({ value }) => value !== secret)
    .map((one) => ({ ...one, expiresAt: Math.min(one.expiresAt ?? end, end) }));
  // With no overlap they end at once.
  const kept = overlap === 0 ? [] : older;
  if (kept.length >= rotationLimits.liveSecrets) {
    const next = Math.min(...kept.map(({ expiresAt }) => expiresAt));
    throw new Problem('too_many_secrets', {
      detail: `the endpoint has ${kept.length} secrets that sign; the next one ends at ${new Date(next).toISOString()}`,
      accepted: `at most ${rotationLimits.liveSecrets}, the new one included; {"overlap": 0} ends all others at once`,
    });
  }
  // Whoever sorts by age must find it newest, even if another machine's clock was ahead when it made the one before.
  const createdAt = Math.max(now, ...live.map((one) => one.createdAt + 1));
  return { ...endpoint, secrets: [{ value: secret, createdAt }, ...kept], updatedAt: now };
}

/** The endpoint's secrets as the API tells of them, without their values; times ISO 8601. */
export function secretsView({ secrets }: Endpoint, now: number) {
  const [current, ...others] = liveSecrets(secrets, now);
  return {
    createdAt: iso(current?.createdAt ?? now),
    previous: others.map(({ createdAt, expiresAt }) => ({
      createdAt: iso(createdAt),
      expiresAt: expiresAt === undefined ? null : iso(expiresAt),
    })),
  };
}

const iso = (time: number): string => new Date(time).toISOString();
