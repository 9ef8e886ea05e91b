import type { Operation, ResponseHeader } from '#adapters/http-api/operation.ts';
import { Problem, problemDocument } from '#core/problem/problem.ts';
import { type ProblemCode, problemCodes } from '#core/problem/problem-codes.ts';
import { reference } from './components.ts';
import { gatewayResponses } from './gateway.ts';
import { requestIdHeader, responseHeaders } from './headers.ts';
import type { DescribedRoute } from './routes.ts';

const body: readonly ProblemCode[] = [
  'body_missing',
  'body_not_utf8',
  'invalid_json',
  'json_too_deep',
  'validation_failed',
  'body_too_large',
  'unsupported_media_type',
];

/** Headers that problems with a status may have. */
const headersOf: Readonly<Record<number, readonly ResponseHeader[]>> = {
  401: ['www-authenticate'],
  403: ['www-authenticate'],
  409: ['retry-after'],
  415: ['accept'],
  429: ['retry-after'],
  503: ['retry-after'],
};

/** Every problem that a route may answer. */
export function problemsOf(
  { scope, path, method, query = [], postsEvents = false }: DescribedRoute,
  operation: Operation,
) {
  const names = query.map((parameter) => (typeof parameter === 'string' ? parameter : parameter.name));
  const codes = new Set<ProblemCode>(['invalid_query', 'internal_error', 'unavailable']);
  const add = (...more: readonly ProblemCode[]) => more.forEach((code) => void codes.add(code));
  if (names.includes('cursor')) add('invalid_cursor');
  if (path.includes('{')) add('not_found');
  if (scope !== 'none') {
    // The header may name an application by a malformed id, or an application that does not exist.
    add('token_missing', 'token_invalid');
    if (scope !== 'any') add('scope_missing', 'capability_missing');
    add('invalid_header', 'not_found', 'loop_detected');
    if (!postsEvents) add('request_rate_limited');
    if (method !== 'GET') add('contended');
    // Routes without a body refuse a body.
    if (method === 'POST' || method === 'PATCH' || method === 'PUT') add(...body);
  }
  add(...(operation.problems ?? []));
  return [...codes].sort();
}

/** The answers for problems, by status. Answers that many operations share are referred to by name. */
export function problemResponses(codes: readonly ProblemCode[]): Record<string, object> {
  return Object.fromEntries(
    byStatus(codes).map(([status, these]) => {
      const name = sharedName(these);
      return [status, name === undefined ? responseFor(these) : { $ref: `#/components/responses/${name}` }];
    }),
  );
}

/** The shared answers, by name. */
export function sharedResponses(all: readonly (readonly ProblemCode[])[]): Record<string, object> {
  const shared = new Map<string, object>();
  for (const [, these] of all.flatMap(byStatus)) {
    const name = sharedName(these);
    if (name !== undefined) shared.set(name, responseFor(these));
  }
  return Object.fromEntries([...shared].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function byStatus(codes: readonly ProblemCode[]): [string, ProblemCode[]][] {
  const statuses = [...new Set(codes.map((code) => problemCodes[code].status))].sort();
  return statuses.map((status) => [
    String(status),
    codes.filter((code) => problemCodes[code].status === status),
  ]);
}

// A name made of more codes would be hard to read.
const mostInName = 3;

function sharedName(codes: readonly ProblemCode[]): string | undefined {
  if (codes.length > mostInName) return undefined;
  return codes.map(pascalCase).join('Or');
}

const pascalCase = (code: string): string =>
  code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

// API Gateway also answers this status, without a code.
const tooMany = 429;

function responseFor(codes: readonly ProblemCode[]): object {
  const [first] = codes;
  if (first === undefined) throw new RangeError('an answer needs at least one problem');
  const { status, title } = problemCodes[first];
  const headers = (headersOf[status] ?? []).map((name) => [name, responseHeaders[name]]);
  return {
    description: [
      ...codes.map((code) => `\`${code}\`: ${problemCodes[code].title}.`),
      ...(status === tooMany ? [gatewayResponses.TooManyRequests.description] : []),
    ].join(' '),
    headers: { ...Object.fromEntries(headers), ...requestIdHeader },
    content: {
      ...(status === tooMany ? gatewayResponses.TooManyRequests.content : {}),
      'application/problem+json': {
        schema: {
          allOf: [
            reference('Problem'),
            {
              type: 'object',
              properties: {
                status: { type: 'integer', const: status },
                code: { type: 'string', enum: codes },
              },
            },
          ],
        },
        // A real answer has a detail about the request.
        example: problemDocument(new Problem(first, { detail: title }), requestIdExample),
      },
    },
  };
}

const requestIdExample = 'JKJaXmPLvHcESHA=';
