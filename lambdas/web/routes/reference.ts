import { gzipSync } from 'node:zlib';
import type { Operations } from '#adapters/http-api/operation.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import type { HttpResponse } from '#adapters/http-api/response.ts';
import { type ApiRoute, publicRoute } from '#adapters/http-api/route.ts';
import { notFound } from '#core/problem/problem.ts';
import type { WebServices } from '../services.ts';

// The document and the page change with each release. The other files are requested by the page.
const shortly = 'public, max-age=300';
const forADay = 'public, max-age=86400';

/** The files that the page loads. The routes read no other file. */
const files: Readonly<Record<string, string>> = {
  'start.js': 'text/javascript; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-bundle.js.LICENSE.txt': 'text/plain; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
};

/** Allows only files and requests of this origin, and no inline code. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The OpenAPI document, and a page that shows it. Both are files that are read on request. */
export function referenceRoutes({ readAsset }: Pick<WebServices, 'readAsset'>): ApiRoute[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/api/openapi.json',
      scope: 'none',
      async handle({ request }) {
        // Its server is relative. An absolute one would come from the Host header, which the caller chooses: a cache would
        // hand it to others, whose tokens then go there.
        return served(request, await readAsset('openapi.json'), 'application/json', shortly);
      },
    }),
    publicRoute({
      method: 'GET',
      path: '/docs',
      scope: 'none',
      async handle({ request }) {
        const page = served(request, await readAsset('index.html'), 'text/html; charset=utf-8', shortly);
        return { ...page, headers: { ...page.headers, 'content-security-policy': pagePolicy } };
      },
    }),
    publicRoute({
      method: 'GET',
      path: '/docs/{file}',
      scope: 'none',
      async handle({ request, params: { file } }) {
        const type = Object.hasOwn(files, file) ? files[file] : undefined;
        if (type === undefined) throw notFound('file', file);
        return served(request, await readAsset(file), type, forADay);
      },
    }),
  ];
}

function served(
  { headers }: HttpRequest,
  content: Uint8Array,
  type: string,
  cacheControl: string,
): HttpResponse {
  const acceptsGzip = /\bgzip\b(?!\s*;\s*q=0(?:\.0+)?(?:,|$))/i.test(headers['accept-encoding'] ?? '');
  return {
    statusCode: 200,
    headers: {
      'content-type': type,
      'cache-control': cacheControl,
      // API Gateway adds the origin of the requesting page to answers that browsers cache, but no Vary header.
      vary: 'accept-encoding, origin',
      ...(acceptsGzip ? { 'content-encoding': 'gzip' } : {}),
    },
    ...(acceptsGzip
      ? { body: gzipSync(content).toString('base64'), isBase64Encoded: true }
      : { body: Buffer.from(content).toString() }),
  };
}

/** What the OpenAPI document says about these routes. No function imports it. */
export const referenceOperations = {
  'GET /api/openapi.json': {
    id: 'getOpenapi',
    summary: 'Get this document',
    description: 'The OpenAPI document of this deployment.',
    answers: [
      {
        status: 200,
        description: 'OpenAPI 3.1.',
        schema: 'OpenapiDocument',
        headers: ['content-encoding', 'vary'],
      },
    ],
  },
  'GET /docs': {
    id: 'getReference',
    summary: 'Show this document as a page',
    description: 'An HTML page that shows this document and sends requests.',
    answers: [
      {
        status: 200,
        description: 'The page.',
        types: ['text/html; charset=utf-8'],
        headers: ['content-encoding', 'vary'],
      },
    ],
  },
  'GET /docs/{file}': {
    id: 'getReferenceFile',
    summary: 'Get a script or style of the page',
    description: 'A file that the page loads.',
    answers: [
      { status: 200, description: 'The file.', types: ['*/*'], headers: ['content-encoding', 'vary'] },
    ],
  },
} as const satisfies Operations;
