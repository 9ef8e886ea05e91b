import * as z from 'zod/mini';

/** An event type as the original Hook0 shows it. */
export const v1EventTypeViewSchema = z.strictObject({
  service_name: z.string(),
  resource_type_name: z.string(),
  verb_name: z.string(),
  event_type_name: z.string(),
});

export const v1EventTypesViewSchema = z.array(v1EventTypeViewSchema);
