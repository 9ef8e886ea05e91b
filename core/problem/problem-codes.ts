/**
 * Every problem that the API returns: its stable code, HTTP status and title.
 *
 * Invalid input is always 400: syntax, unknown fields, wrong types and values out of bounds. 422 is only for events
 * that their registered event type rejects, because the application defines that contract, not the API.
 */
export const problemCodes = {
  body_missing: { status: 400, title: 'The request needs a body' },
  body_not_utf8: { status: 400, title: 'The body is not UTF-8' },
  invalid_json: { status: 400, title: 'The body is not JSON' },
  json_too_deep: { status: 400, title: 'The body nests too deeply' },
  validation_failed: { status: 400, title: 'The body is not valid' },
  payload_content_type: { status: 400, title: 'The payload type is not supported' },
  payload_not_json: { status: 400, title: 'The payload is not JSON' },
  invalid_query: { status: 400, title: 'The query is not valid' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid' },
  invalid_header: { status: 400, title: 'A header is not valid' },
  token_missing: { status: 401, title: 'Authentication required' },
  token_invalid: { status: 401, title: 'The token is not valid' },
  scope_missing: { status: 403, title: 'The token lacks a scope' },
  capability_missing: { status: 403, title: 'The portal token lacks a capability' },
  operator_required: { status: 403, title: 'Operator token required' },
  route_not_found: { status: 404, title: 'Path not found' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  event_already_ingested: { status: 409, title: 'An event with this id was already accepted' },
  already_exists: { status: 409, title: 'Already exists' },
  not_empty: { status: 409, title: 'The application is not empty' },
  permanent: { status: 409, title: 'The application cannot be removed' },
  idempotency_key_reused: { status: 409, title: 'The idempotency key was used for another request' },
  idempotency_in_progress: { status: 409, title: 'A request with this idempotency key is still in progress' },
  limit_reached: { status: 409, title: 'Limit reached' },
  too_many_secrets: { status: 409, title: 'Too many signing secrets' },
  credentials_required: { status: 409, title: 'Re-enter the credentials when you change the URL' },
  wrong_state: { status: 409, title: 'The current state does not allow this' },
  body_too_large: { status: 413, title: 'The body is too large' },
  payload_too_large: { status: 413, title: 'The payload is too large' },
  unsupported_media_type: { status: 415, title: 'The body has the wrong media type' },
  payload_schema: { status: 422, title: 'The payload does not match the schema of its event type' },
  rate_limited: { status: 429, title: 'Too many events' },
  application_rate_limited: { status: 429, title: 'Too many events of the application' },
  daily_bytes_used: { status: 429, title: 'The bytes of the day are used up' },
  request_rate_limited: { status: 429, title: 'Too many requests' },
  event_type_archived: { status: 422, title: 'The event type is archived' },
  too_many_tasks: { status: 429, title: 'Too many unfinished tasks' },
  tested_recently: { status: 429, title: 'Tested too recently' },
  internal_error: { status: 500, title: 'Internal error' },
  credentials_unreadable: { status: 503, title: 'Stored credentials cannot be decrypted' },
  contended: { status: 503, title: 'Too many concurrent changes' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  loop_detected: { status: 508, title: 'Too many webhooks led to this request' },
} as const;

export type ProblemCode = keyof typeof problemCodes;
