import { leadsToAny } from '#core/outbound/own-hosts.ts';
import { fieldError, problemOf } from '#core/validation/validate.ts';

const accepted = 'a URL of a receiver; an operator allows URLs of this API with the setting allowOwnHosts';

/**
 * Refuses the URL of an endpoint that points at this API, because its webhooks could come back as events.
 *
 * @param requestHost by which the caller reached the API: another name of it, if it is not configured
 * @param ownHosts undefined when they are allowed
 * @throws Problem `validation_failed` for the field `url`
 */
export function refuseOwnHost(
  url: string,
  requestHost: string,
  ownHosts: readonly string[] | undefined,
): void {
  if (ownHosts === undefined || !leadsToAny([...ownHosts, requestHost], url)) return;
  throw problemOf([
    fieldError(['url'], `${JSON.stringify(new URL(url).host)}, a host of this API`, accepted),
  ]);
}
