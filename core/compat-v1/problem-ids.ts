import { Problem } from '#core/problem/problem.ts';
import type { ProblemCode } from '#core/problem/problem-codes.ts';

/** The error ids of the original Hook0 (documentation.hook0.com/reference/error-codes). */
const ids: Partial<Record<ProblemCode, string>> = {
  body_missing: 'JsonPayload',
  body_not_utf8: 'JsonPayload',
  body_too_large: 'JsonPayload',
  invalid_json: 'JsonPayload',
  json_too_deep: 'JsonPayload',
  unsupported_media_type: 'JsonPayload',
  validation_failed: 'Validation',
  payload_too_large: 'Validation',
  invalid_header: 'Validation',
  invalid_query: 'Validation',
  event_already_ingested: 'EventAlreadyIngested',
  payload_content_type: 'EventInvalidPayloadContentType',
  payload_not_json: 'EventInvalidJsonPayload',
  payload_schema: 'EventInvalidJsonPayload',
  // The original has no archived types; a type without events does not exist there.
  event_type_archived: 'EventTypeDoesNotExist',
  already_exists: 'EventTypeAlreadyExist',
  // Event types are all that these routes create.
  limit_reached: 'TooManyEventTypesPerApplication',
  token_missing: 'AuthNoAuthorizationHeader',
  token_invalid: 'AuthInvalidBiscuit',
  scope_missing: 'Forbidden',
  capability_missing: 'Forbidden',
  loop_detected: 'Forbidden',
  not_found: 'NotFound',
  rate_limited: 'RateLimited',
  application_rate_limited: 'RateLimited',
  daily_bytes_used: 'RateLimited',
  request_rate_limited: 'RateLimited',
  contended: 'ServiceUnavailable',
  unavailable: 'ServiceUnavailable',
};

/** The problem with the id of the original, if the original has one for it. */
export function withV1Id(problem: Problem): Problem {
  const { code, detail, field, accepted, errors, headers, cause } = problem;
  const id = ids[code];
  if (id === undefined) return problem;
  return new Problem(code, { id, detail, field, accepted, errors, headers, cause });
}
