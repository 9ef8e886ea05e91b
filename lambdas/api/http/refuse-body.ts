import { readJsonValue } from '#adapters/http-api/json-body.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { isObject } from '#core/json/merge-patch.ts';
import { fieldError, problemOf } from '#core/validation/validate.ts';

/**
 * For routes without a body. It accepts `{}`, because many clients always send it.
 *
 * @throws Problem `validation_failed` for another body, because the route would ignore it
 */
export function refuseBody(request: HttpRequest): void {
  if (request.body.content === '') return;
  const body = readJsonValue(request);
  if (!isObject(body)) throw problemOf([fieldError([], 'a body', 'no body or {}')]);
  const [first] = Object.keys(body);
  if (first !== undefined) throw problemOf([fieldError([first], 'an unknown field', 'no body or {}')]);
}
