import { iso } from '#core/validation/instant.ts';
import type { ViewOf } from '#core/validation/view-schemas.ts';
import type { EventType } from './event-type.ts';
import type { eventTypeViewSchema } from './event-type-view-schema.ts';

/** An event type as the API shows it; absent parts are null. */
export function eventTypeView(eventType: EventType): ViewOf<typeof eventTypeViewSchema> {
  const { name, applicationId, description, schema, example, archived, createdAt, updatedAt } = eventType;
  return {
    name,
    applicationId,
    description: description ?? null,
    schema: parsed(schema),
    example: parsed(example),
    archived,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}

const parsed = (text: string | undefined): unknown => (text === undefined ? null : JSON.parse(text));
