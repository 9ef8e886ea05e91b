import * as z from 'zod/mini';
import type { ProblemDocument } from '#core/problem/problem.ts';
import { type ProblemCode, problemCodes } from '#core/problem/problem-codes.ts';
import { described } from '#core/validation/view-schemas.ts';

const isCode = (name: string): name is ProblemCode => name in problemCodes;
const codes = Object.keys(problemCodes).filter(isCode);

const fieldErrorSchema = z.strictObject({
  field: described(
    z.string(),
    'The path of the field, such as retryConfig.baseDelay or events[0].type; empty for the whole body.',
  ),
  pointer: z.optional(
    described(z.string(), 'JSON Pointer (RFC 6901) to the error in the payload or the schema.'),
  ),
  message: described(z.string(), 'What was received and what is accepted, as a sentence for people.'),
  accepted: z.optional(z.string()),
});

export const problemSchema: z.ZodMiniType<ProblemDocument> = z.strictObject({
  type: described(z.string(), 'urn:hook0:problem: and the code.'),
  title: z.string(),
  status: z.int(),
  code: described(z.enum(codes), 'Never changes; use it in code.'),
  id: z.optional(described(z.string(), "Its name in the original Hook0's API; only in answers of /api/v1.")),
  detail: described(z.string(), 'What happened, as a sentence for people.'),
  field: z.optional(described(z.string(), 'The invalid field, parameter or header.')),
  accepted: z.optional(described(z.string(), 'What is accepted instead.')),
  errors: z.optional(described(z.array(fieldErrorSchema), 'All errors of the body.')),
  requestId: z.optional(described(z.string(), 'Names the request in the logs.')),
});
