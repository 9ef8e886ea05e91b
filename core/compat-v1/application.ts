import { isApplicationId } from '#core/id/ids.ts';
import { notFound } from '#core/problem/problem.ts';
import { isUuid } from './uuid.ts';

/**
 * The application that a request to the API of the original Hook0 is for. The clients of that API name an application in
 * every request, by a UUID. Here the token says the application, and any UUID stands for it, so that a client has to change
 * nothing but its URL and token.
 *
 * An operator's token belongs to no application. Without the header `X-Hook0-Application`, the id names the application, so
 * that events of several applications stay apart. This function does not check whether that application exists.
 *
 * @param named - `application_id`
 * @throws Problem `not_found` for the id of another application
 */
export function v1Application(
  caller: { readonly applicationId: string; readonly isOperator: boolean },
  named: string,
  hasHeader: boolean,
): string {
  const id = isUuid(named) ? named.toLowerCase() : named;
  if (caller.isOperator && !hasHeader) {
    if (isApplicationId(id)) return id;
  } else if (isUuid(id) || id === caller.applicationId) return caller.applicationId;
  throw notFound('application', named);
}
