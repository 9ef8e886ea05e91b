import * as z from 'zod/mini';
import { operators } from '#core/filter/filter.ts';
import { described, id } from '#core/validation/view-schemas.ts';

const matchingOutcomes = [
  'matched',
  'created_later',
  'disabled',
  'event_type',
  'filter',
  'changed_later',
] as const;

const failedConditionSchema = z.strictObject({
  pointer: described(z.string(), 'JSON Pointer to the condition in the endpoint.'),
  field: z.string(),
  operator: z.enum(operators),
  value: described(z.optional(z.unknown()), 'As it was saved, with references to metadata.'),
  received: described(z.string(), 'What the event has in the field, in a few words.'),
});

export const eventMatchingViewSchema = z.strictObject({
  endpointId: id('endpoint'),
  name: z.string(),
  outcome: described(
    z.enum(matchingOutcomes),
    'matched: the event has a delivery for the endpoint. created_later: the endpoint did not exist yet. Otherwise by its present configuration: disabled; event_type: none of its events covers the type; filter: its filters refuse the event; changed_later: it would match now.',
  ),
  explanation: described(z.string(), 'The outcome in a sentence.'),
  conditions: described(
    z.optional(z.array(failedConditionSchema)),
    'With the outcome filter: the first condition that failed, and one for each alternative of an OR. Portal tokens need endpoints:read to see them.',
  ),
  changedSince: described(
    z.boolean(),
    'Whether the endpoint was changed after the event was accepted. Then the outcome may have another reason.',
  ),
});
