import type { IncomingHttpHeaders, RequestListener, ServerResponse } from 'node:http';

// No page is served by these servers, so a browser that names a page's origin is there for another site.
const local = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a request to a server of the local run comes from a web page and not from a program: it has an `Origin`, or its
 * `Host` is not this machine, as after DNS rebinding. Undefined for a request of a program.
 */
export function foreignRequest({ origin, host }: IncomingHttpHeaders): string | undefined {
  if (origin !== undefined) return `Origin ${JSON.stringify(origin)}`;
  return host !== undefined && local.test(host) ? undefined : `Host ${JSON.stringify(host ?? '')}`;
}

/** Answers requests of web pages with 403 and without CORS headers, and gives the others to the listener. */
export function refuseForeign(listener: RequestListener): RequestListener {
  return (request, response) => {
    const foreign = foreignRequest(request.headers);
    if (foreign === undefined) listener(request, response);
    else refuse(response, foreign);
  };
}

function refuse(response: ServerResponse, foreign: string): void {
  const message = `refused because of ${foreign.slice(0, 200)}: web pages may not call the local run's engines`;
  response.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(`${message}\n`);
}
