import * as z from 'zod/mini';
import type { Application } from '../../../core/tenant/application.ts';
import { objectText } from './json-attribute.ts';
import { itemVersion } from './step.ts';
import type { RawItem } from './table.ts';

const schema = z.object({
  v: z.literal(itemVersion),
  id: z.string(),
  name: z.string(),
  metadata: objectText,
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Grows with each write and guards it. */
  revision: z.number(),
  /** Set while the application is being taken down; to everybody else it does not exist any more. */
  removing: z.optional(z.literal(true)),
  /** Set once all else is gone: until then the item keeps its id from being used again. Epoch seconds. */
  ttl: z.optional(z.number()),
});

export interface ApplicationItem {
  readonly application: Application;
  readonly revision: number;
  /** From the first step of the removal on, `removed` included. */
  readonly removing: boolean;
  readonly removed: boolean;
}

export function applicationAttributes(application: Application, revision: number) {
  const { id, name, metadata, createdAt, updatedAt } = application;
  return { id, name, metadata: JSON.stringify(metadata), createdAt, updatedAt, revision };
}

export function parseApplication(item: RawItem): ApplicationItem {
  const { id, name, metadata, createdAt, updatedAt, revision, removing = false, ttl } = z.parse(schema, item);
  const application = { id, name, metadata, createdAt, updatedAt };
  return { application, revision, removing, removed: ttl !== undefined };
}
