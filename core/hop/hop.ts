import { Problem } from '#core/problem/problem.ts';

/**
 * The header in which deliver stamps how many webhooks, this one included, led to its request. A receiver that passes it
 * on, as the API itself does when an endpoint points at it, lets the API recognise a loop.
 */
export const hopHeader = 'X-Hook0-Hops';

/** A request to the API may come through this many webhooks, one after the other. */
export const mostHops = 5;

const parameter = '; deployment=';
// A structured field (RFC 8941): an integer with parameters, which other releases may add to. A proxy may join several
// headers to a list.
const oneStamp = /^ *(\d{1,6}) *(?:;.*)?$/;

/** @param hops webhooks before this one; 0 for an event that no webhook brought */
export const stampOf = (hops: number, deployment: string): string => `${hops + 1}${parameter}"${deployment}"`;

/**
 * How many webhooks led to a request: 0 without the header, the largest count when there are several stamps. Stamps of
 * other deployments count too, because a loop may lead through several.
 *
 * @throws Problem `loop_detected` (508) beyond 5, `invalid_header` (400) for a value that is not a stamp
 */
export function readHops(header: string | undefined): number {
  if (header === undefined) return 0;
  const hops = Math.max(...header.split(',').map((stamp) => Number(oneStamp.exec(stamp)?.[1] ?? Number.NaN)));
  if (Number.isNaN(hops)) throw notAStamp(header);
  if (hops > mostHops) throw loopDetected(hops, header);
  return hops;
}

const field = hopHeader.toLowerCase();
const shown = (header: string): string => JSON.stringify(header.slice(0, 100));

function notAStamp(header: string): Problem {
  const accepted = 'the header as it was received with a webhook, or no such header';
  return new Problem('invalid_header', {
    detail: `${field}: received ${shown(header)}; accepted: ${accepted}`,
    field,
    accepted,
  });
}

function loopDetected(hops: number, header: string): Problem {
  const accepted = `requests that at most ${mostHops} webhooks led to`;
  return new Problem('loop_detected', {
    detail:
      `${hops} webhooks led to this request, one after the other (${field}: ${shown(header)}); accepted: ${accepted}; ` +
      'an endpoint points at this API, or its receiver calls this API: change its url or its event patterns',
    field,
    accepted,
  });
}
