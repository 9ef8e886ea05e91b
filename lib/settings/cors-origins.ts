import { z } from 'zod';

// More than a product needs, and few enough to be read.
const maxOrigins = 20;

export const acceptedOrigins = `1 to ${maxOrigins} origins as browsers send them, separated by commas: \`https://\`, or \`http://\` on a loopback host; no path, no \`*\``;

/** Origins of web pages that may call the API. */
export const corsOrigins = z
  .array(z.string().refine(isOrigin))
  .min(1)
  .max(maxOrigins)
  .overwrite((origins) => [...new Set(origins)])
  .readonly()
  .meta({ accepts: acceptedOrigins });

/** Splits a list as it is written on a command line. */
export function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}

function isOrigin(text: string): boolean {
  // A URL's host may contain an asterisk, which API Gateway would take for any origin.
  if (text.includes('*') || !URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  // Over plain http a third party between page and API could read the token; on a loopback host there is none.
  const isLoopback = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return text === origin && (protocol === 'https:' || (protocol === 'http:' && isLoopback));
}
