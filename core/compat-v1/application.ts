import { isApplicationId } from '#core/id/ids.ts';
import { notFound } from '#core/problem/problem.ts';
import { isUuid } from './uuid.ts';

/**
 * The application that a request of the original's API is for. Its clients name one in every request, by a UUID; here
 * the token says it, and the UUID is its other name, so that nobody has to change more than URL and token.
 *
 * An operator's token belongs to no application: unless the header `X-Hook0-Application` named one, the id does, and
 * whether that exists is left to whoever reads it. Events of several applications must not fall into one.
 *
 * @param named - `application_id`
 * @throws Problem `not_found` for what can only be somebody else's
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
