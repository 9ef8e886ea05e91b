import * as z from 'zod/mini';

/** An event type as in the API of the original Hook0. */
export const v1EventTypeViewSchema = z.strictObject({
  service_name: z.string(),
  resource_type_name: z.string(),
  verb_name: z.string(),
  event_type_name: z.string(),
});

export const v1EventTypesViewSchema = z.array(v1EventTypeViewSchema);
