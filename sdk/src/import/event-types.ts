import { isEventType } from './common.ts';
import { isJson, items, type Json, textOf } from './json.ts';
import { type LeftOut, Notes, type PlannedEventType, type System, unreadable } from './plan.ts';

interface Given {
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** A JSON Schema, as an object or as text. */
  readonly schema: unknown;
  readonly archived: boolean;
}

/** How each system names the parts of an event type. */
const readers: Readonly<Record<System, (given: Json) => Given>> = {
  svix: (given) => ({
    name: textOf(given.name),
    description: textOf(given.description),
    schema: newest(given.schemas),
    archived: given.archived === true,
  }),
  convoy: (given) => ({
    name: textOf(given.name),
    description: textOf(given.description),
    schema: given.json_schema,
    archived: textOf(given.deprecated_at) !== undefined,
  }),
  hook0: (given) => ({
    name: textOf(given.event_type_name),
    description: undefined,
    schema: undefined,
    archived: false,
  }),
};

/**
 * Maps the event types of an export. Schemas are left out, because the other systems use other drafts and did not enforce
 * them, so a strict schema would start to refuse events.
 *
 * @throws ExportError
 */
export function planEventTypes(
  system: System,
  exported: unknown,
): { readonly eventTypes: PlannedEventType[]; readonly leftOut: LeftOut[] } {
  const eventTypes: PlannedEventType[] = [];
  const leftOut: LeftOut[] = [];
  const list = items(isJson(exported) ? exported.eventTypes : undefined, 'eventTypes');
  for (const [index, given] of list.entries()) {
    if (!isJson(given)) {
      leftOut.push(unreadable(system, `eventTypes[${index}]`, 'an event type', given));
      continue;
    }
    const { name, description, schema, archived } = readers[system](given);
    const source = `${system}:${name ?? ''}`;
    // Convoy also lists the pattern that stands for all event types.
    if (name === '*') continue;
    if (name === undefined || !isEventType(name)) {
      const reason = 'an event type must be words of A-Z a-z 0-9 _ - joined by dots';
      leftOut.push({ source, name: name ?? '', reason });
      continue;
    }
    const notes = new Notes();
    if (isSchema(schema)) {
      notes.lost('schema: it could start to refuse events; set it with PATCH /api/event-types/{name}');
    }
    if (archived) {
      notes.lost('archived: the API would refuse its events; set it with PATCH /api/event-types/{name}');
    }
    const eventType = { name, description: description?.slice(0, 1_000) };
    eventTypes.push({ source, eventType, notes: notes.all });
  }
  return { eventTypes, leftOut };
}

/** Svix keeps a schema for each version of a type. */
const newest = (schemas: unknown): unknown =>
  isJson(schemas) ? Object.entries(schemas).at(-1)?.[1] : undefined;

const isSchema = (schema: unknown): boolean =>
  textOf(schema) !== undefined || (isJson(schema) && Object.keys(schema).length > 0);
