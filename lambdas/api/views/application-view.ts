import type { Application } from '#core/application/application.ts';
import { type Limits, limitsOf } from '#core/application/limits.ts';
import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { applicationViewSchema } from './application-and-token-view-schemas.ts';

/** @param defaults the limits of applications for which an operator set none */
export function applicationView(
  application: Application,
  defaults: Limits,
): ViewOf<typeof applicationViewSchema> {
  const { id, name, metadata, createdAt, updatedAt } = application;
  return {
    id,
    name,
    metadata,
    limits: limitsOf(application, defaults),
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}
