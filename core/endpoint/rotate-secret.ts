import * as z from 'zod/mini';
import { isObject, withoutNulls } from '#core/json/merge-patch.ts';
import { Problem } from '#core/problem/problem.ts';
import { iso } from '#core/validation/instant.ts';
import { fields, whole } from '#core/validation/schemas.ts';
import { fieldError, problemOf, validate } from '#core/validation/validate.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { Endpoint } from './endpoint.ts';
import { secretSchema } from './endpoint-schema.ts';
import type { secretsViewSchema } from './endpoint-view-schema.ts';
import { liveSecrets } from './live-secrets.ts';

const day = 24 * 60 * 60 * 1_000;

export const rotationLimits = {
  /** Milliseconds for which the previous secrets still sign, unless the request says otherwise. */
  overlap: day,
  longestOverlap: 7 * day,
  /** Each secret adds a signature to a header, and servers limit the size of all headers, often to 8 KB. */
  liveSecrets: 10,
} as const;

export const rotationSchema = fields({
  overlap: z._default(whole(0, rotationLimits.longestOverlap, 'milliseconds'), rotationLimits.overlap),
  secret: z.optional(secretSchema),
});

/** @throws Problem `validation_failed` */
export function readRotation(body: unknown): z.infer<typeof rotationSchema> {
  return validate({
    schema: rotationSchema,
    value: isObject(body) ? withoutNulls(body) : body,
    received: body,
  });
}

/**
 * The endpoint with another current secret, the newest first. Previous secrets sign until the overlap ends, or until an end
 * that was set earlier. Secrets that have ended are removed. A secret that has not ended yet may become the current one again.
 *
 * @param now - epoch milliseconds.
 * @throws Problem `validation_failed` for the current secret, `too_many_secrets`
 */
export function rotated(endpoint: Endpoint, secret: string, overlap: number, now: number): Endpoint {
  const live = liveSecrets(endpoint.secrets, now);
  if (live.some(({ value, expiresAt }) => value === secret && expiresAt === undefined)) {
    throw problemOf([
      fieldError(['secret'], 'the current secret', 'another secret, or none to have one generated'),
    ]);
  }
  const end = now + overlap;
  const older = live
    .filter(({ value }) => value !== secret)
    .map((one) => ({ ...one, expiresAt: Math.min(one.expiresAt ?? end, end) }));
  // Without an overlap they end at once.
  const kept = overlap === 0 ? [] : older;
  if (kept.length >= rotationLimits.liveSecrets) {
    const next = Math.min(...kept.map(({ expiresAt }) => expiresAt));
    throw new Problem('too_many_secrets', {
      detail: `the endpoint has ${kept.length} secrets that still sign; the next one ends at ${iso(next)}`,
      accepted: `at most ${rotationLimits.liveSecrets}, including the new one; {"overlap": 0} ends all others at once`,
    });
  }
  // Readers sort by age and must find this one newest, even if the clock that dated the previous secret was ahead.
  const createdAt = Math.max(now, ...live.map((one) => one.createdAt + 1));
  return { ...endpoint, secrets: [{ value: secret, createdAt }, ...kept], updatedAt: now };
}

/** The secrets of an endpoint as the API shows them, without their values. */
export function secretsView({ secrets }: Endpoint, now: number): ViewOf<typeof secretsViewSchema> {
  const [current, ...others] = liveSecrets(secrets, now);
  return {
    createdAt: iso(current?.createdAt ?? now),
    previous: others.map(({ createdAt, expiresAt }) => ({
      createdAt: iso(createdAt),
      expiresAt: expiresAt === undefined ? null : iso(expiresAt),
    })),
  };
}
