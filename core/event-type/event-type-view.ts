import type { EventType } from './event-type.ts';

/** An event type as the API shows it: times ISO 8601, what it has not is null. */
export function eventTypeView(eventType: EventType) {
  const { name, applicationId, description, schema, example, archived, createdAt, updatedAt } = eventType;
  return {
    name,
    applicationId,
    description: description ?? null,
    schema: parsed(schema),
    example: parsed(example),
    archived,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  };
}

const parsed = (text: string | undefined): unknown => (text === undefined ? null : JSON.parse(text));
