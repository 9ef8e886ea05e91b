/**
 * Every problem the API answers with: its stable code, HTTP status and title.
 *
 * Broken input is 400 throughout: syntax, unknown fields, wrong types and values outside their bounds. 422 is
 * kept for events that their registered type does not take, since that contract is the tenant's own.
 */
export const problemCodes = {
  body_missing: { status: 400, title: 'The request needs a body' },
  body_not_utf8: { status: 400, title: 'The body is not UTF-8' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  json_too_deep: { status: 400, title: 'The body nests too deeply' },
  validation_failed: { status: 400, title: 'The body is not valid' },
  payload_content_type: { status: 400, title: 'The payload is of a type that is not delivered' },
  payload_not_json: { status: 400, title: 'The payload is not JSON' },
  invalid_query: { status: 400, title: 'The query is not valid' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid' },
  invalid_header: { status: 400, title: 'A header is not valid' },
  token_missing: { status: 401, title: 'A token is needed' },
  token_invalid: { status: 401, title: 'The token is not valid' },
  scope_missing: { status: 403, title: 'The token lacks a scope' },
  capability_missing: { status: 403, title: 'The portal token lacks a capability' },
  operator_required: { status: 403, title: 'An operator token is needed' },
  route_not_found: { status: 404, title: 'There is no such path' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  event_already_ingested: { status: 409, title: 'An event with this id was accepted before' },
  already_exists: { status: 409, title: 'It exists already' },
  not_empty: { status: 409, title: 'It is not empty' },
  permanent: { status: 409, title: 'It cannot be removed' },
  idempotency_key_reused: { status: 409, title: 'The idempotency key was used for another request' },
  idempotency_in_progress: { status: 409, title: 'The first request with this idempotency key is not done' },
  limit_reached: { status: 409, title: 'The application has as much as it may have' },
  too_many_secrets: { status: 409, title: 'Too many secrets are live' },
  credentials_stay: { status: 409, title: 'Stored credentials would go elsewhere' },
  wrong_state: { status: 409, title: 'Its state does not allow this' },
  body_too_large: { status: 413, title: 'The body is too large' },
  payload_too_large: { status: 413, title: 'The payload is too large' },
  unsupported_media_type: { status: 415, title: 'The body has the wrong media type' },
  payload_schema: { status: 422, title: 'The payload breaks the schema of its event type' },
  rate_limited: { status: 429, title: 'Too many events' },
  event_type_archived: { status: 422, title: 'The event type is archived' },
  too_many_tasks: { status: 429, title: 'Too many tasks are unfinished' },
  tested_recently: { status: 429, title: 'It was tested a moment ago' },
  internal_error: { status: 500, title: 'Something went wrong' },
  contended: { status: 503, title: 'Too many changes at once' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
} as const;

export type ProblemCode = keyof typeof problemCodes;
