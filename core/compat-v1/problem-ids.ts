import { Problem } from '#core/problem/problem.ts';
import type { ProblemCode } from '#core/problem/problem-codes.ts';

/**
 * The ids by which the original Hook0's clients know what went wrong
 * (documentation.hook0.com/reference/error-codes).
 */
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
  // There, a type that takes no events is one that does not exist.
  event_type_archived: 'EventTypeDoesNotExist',
  already_exists: 'EventTypeAlreadyExist',
  // Event types are all that these routes create.
  limit_reached: 'TooManyEventTypesPerApplication',
  token_missing: 'AuthNoAuthorizationHeader',
  token_invalid: 'AuthInvalidBiscuit',
  scope_missing: 'Forbidden',
  capability_missing: 'Forbidden',
  not_found: 'NotFound',
  rate_limited: 'RateLimited',
  contended: 'ServiceUnavailable',
  unavailable: 'ServiceUnavailable',
};

/** The same problem with the original's id beside our code. What the original has no word for stays as it is. */
export function withV1Id(problem: Problem): Problem {
  const { code, detail, field, accepted, errors, headers, cause } = problem;
  const id = ids[code];
  if (id === undefined) return problem;
  return new Problem(code, {
    id,
    detail,
    ...(field === undefined ? {} : { field }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(errors === undefined ? {} : { errors }),
    headers,
    cause,
  });
}
