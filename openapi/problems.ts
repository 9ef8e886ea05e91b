import type { Operation, ResponseHeader } from '#adapters/http-api/operation.ts';
import { Problem, problemDocument } from '#core/problem/problem.ts';
import { type ProblemCode, problemCodes } from '#core/problem/problem-codes.ts';
import { reference } from './components.ts';
import { gatewayResponses } from './gateway.ts';
import { requestIdHeader, responseHeaders } from './headers.ts';
import type { DescribedRoute } from './routes.ts';

const body: readonly ProblemCode[] = [
  ...(['body_missing', 'body_not_utf8', 'invalid_json', 'json_too_deep', 'validation_failed'] as const),
  ...(['body_too_large', 'unsupported_media_type'] as const),
];

/** Headers that come with a status, where a problem of it has them. */
const headersOf: Readonly<Record<number, readonly ResponseHeader[]>> = {
  401: ['www-authenticate'],
  403: ['www-authenticate'],
  409: ['retry-after'],
  415: ['accept'],
  429: ['retry-after'],
  503: ['retry-after'],
};

/** Every problem that a route may answer with. */
export function problemsOf({ scope, path, method, query = [] }: DescribedRoute, operation: Operation) {
  const names = query.map((parameter) => (typeof parameter === 'string' ? parameter : parameter.name));
  const codes = new Set<ProblemCode>(['invalid_query', 'internal_error', 'unavailable']);
  const add = (...more: readonly ProblemCode[]) => more.forEach((code) => void codes.add(code));
  if (names.includes('cursor')) add('invalid_cursor');
  if (path.includes('{')) add('not_found');
  if (scope !== 'none') {
    // The application that the header names may be malformed, another's, or none at all.
    add('token_missing', 'token_invalid', 'scope_missing', 'capability_missing');
    add('invalid_header', 'not_found');
    if (method !== 'GET') add('contended');
    // Those that take nothing say so of what they get.
    if (method === 'POST' || method === 'PATCH' || method === 'PUT') add(...body);
  }
  add(...(operation.problems ?? []));
  return [...codes].sort();
}

/** The answers for problems, by status; what many operations answer alike is referred to by name. */
export function problemResponses(codes: readonly ProblemCode[]): Record<string, object> {
  return Object.fromEntries(
    byStatus(codes).map(([status, these]) => {
      const name = sharedName(these);
      return [status, name === undefined ? responseFor(these) : { $ref: `#/components/responses/${name}` }];
    }),
  );
}

/** The answers that are referred to by name. */
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

// A name of more than a few codes would say nothing.
const mostInName = 3;

function sharedName(codes: readonly ProblemCode[]): string | undefined {
  if (codes.length > mostInName) return undefined;
  return codes.map(pascalCase).join('Or');
}

const pascalCase = (code: string): string =>
  code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

// API Gateway answers it as well, without a code.
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
            { type: 'object', properties: { status: { const: status }, code: { enum: codes } } },
          ],
        },
        // As it is answered, but for the detail, which tells what happened to the request at hand.
        example: problemDocument(new Problem(first, { detail: title }), requestIdExample),
      },
    },
  };
}

const requestIdExample = 'JKJaXmPLvHcESHA=';
