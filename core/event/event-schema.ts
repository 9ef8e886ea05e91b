import * as z from 'zod/mini';
import type { Range } from '#core/json/scanner.ts';
import { fields, oneOf, optional, text, whole } from '#core/validation/schemas.ts';
import { priorities } from './event.ts';
import { eventTypeProblem } from './type-name.ts';

export const eventLimits = {
  /** Milliseconds. */
  delay: 30 * 24 * 60 * 60 * 1_000,
  tags: 20,
  tagLength: 64,
  sourceLength: 128,
  payloadBytes: 256 * 1024,
  batch: 100,
  /** Levels of arrays and objects, the event's own included. */
  levels: 64,
} as const;

const tags = `an array of at most ${eventLimits.tags} strings of 1 to ${eventLimits.tagLength} characters`;

const anyValue = 'any JSON value';

const optionsSchema = fields({
  priority: optional(oneOf(priorities)),
  delay: optional(whole(0, eventLimits.delay, 'milliseconds')),
  tags: optional(z.array(text(1, eventLimits.tagLength), tags).check(z.maxLength(eventLimits.tags, tags))),
});

export const typeSchema = z.string('an event type such as order.created').check(
  z.check(({ value, issues }) => {
    const message = eventTypeProblem(value);
    if (message !== undefined) issues.push({ code: 'custom', input: value, path: [], message });
  }),
);

export const payloadSchema = z.custom<Range>((range) => range !== undefined, {
  error: anyValue,
  params: { accepted: anyValue },
});

/** An event as it is posted. The payload is judged by where it lies in the text, because its bytes are kept. */
export const envelopeSchema = fields({
  type: typeSchema,
  source: optional(text(1, eventLimits.sourceLength)),
  payload: payloadSchema,
  options: optional(optionsSchema),
});
