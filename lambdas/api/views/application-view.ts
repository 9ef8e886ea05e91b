import type { Application } from '#core/application/application.ts';
import { type Limits, limitsOf } from '#core/application/limits.ts';

export function applicationView(application: Application, defaults: Limits) {
  const { id, name, metadata, createdAt, updatedAt } = application;
  return {
    id,
    name,
    metadata,
    limits: limitsOf(application, defaults),
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}
