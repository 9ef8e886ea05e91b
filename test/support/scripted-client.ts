import { readFileSync } from 'node:fs';
import { Hook0Client } from '#sdk/src/client/client.ts';
import type { AnswerRecord, ClientOptions, RequestRecord } from '#sdk/src/client/options.ts';

/** One answer, or an error of `fetch`. An object as the body is sent as JSON. */
export type Step =
  | {
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | Error;

interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  readonly init: RequestInit;
}

/** A client that gets the given answers in order. Its clock stands still, and it does not wait. */
export function scriptedClient(steps: readonly Step[], change: ClientOptions = {}) {
  const requests: SeenRequest[] = [];
  const pauses: number[] = [];
  const log: (RequestRecord | AnswerRecord)[] = [];
  const rest = [...steps];
  const options: ClientOptions = {
    apiUrl: 'https://api.example.com/',
    apiToken: 'hk0_test',
    fetch: async (url, init = {}) => {
      const { method, headers, body } = init;
      requests.push({
        method: String(method),
        url: String(url),
        headers: new Headers(headers),
        body: String(body ?? ''),
        init,
      });
      const step = rest.shift();
      if (step === undefined) throw new Error('one request too many');
      if (step instanceof Error) throw step;
      return responseOf(step);
    },
    onRequest: (record) => log.push(record),
    onAnswer: (record) => log.push(record),
    ...change,
  };
  let keys = 0;
  const client = new Hook0Client(options, {
    now: () => Date.parse('2026-11-24T16:00:00Z'),
    random: () => 0,
    sleep: async (milliseconds) => void pauses.push(milliseconds),
    newKey: () => `key-${++keys}`,
    env: {},
  });
  return { client, requests, pauses, log };
}

function responseOf({ status, body, headers = {} }: Exclude<Step, Error>): Response {
  const isText = typeof body === 'string';
  const text = body === undefined ? null : isText ? body : JSON.stringify(body);
  return new Response(text, {
    status,
    headers: { ...(isText || text === null ? {} : jsonType), ...headers },
  });
}

const jsonType = { 'content-type': 'application/json' };

/** A problem document of the API. */
export const problem = (status: number, code: string, headers: Record<string, string> = {}): Step => ({
  status,
  headers,
  body: { status, code, detail: 'the detail', field: 'url', accepted: 'https', requestId: 'r-1' },
});

/** What `fetch` throws when a connection breaks. */
export const lost = new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });

const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));

/** The documented example of what an operation answers with this status. */
export function example(operation: string, status: number): Step {
  for (const path of Object.values<Record<string, ExampleOperation>>(document.paths)) {
    for (const { operationId, responses } of Object.values(path)) {
      const [content] = Object.entries(responses[status]?.content ?? {});
      if (operationId !== operation) continue;
      return content === undefined
        ? { status }
        : { status, body: content[1].example, headers: { 'content-type': content[0] } };
    }
  }
  throw new Error(`docs/openapi.json has no operation ${operation}`);
}

/** The body of such an example. */
export function exampleBody(operation: string, status: number): Readonly<Record<string, unknown>> {
  const step = example(operation, status);
  return step instanceof Error ? {} : (step.body as Record<string, unknown>);
}

interface ExampleOperation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Record<string, { readonly example: unknown }> }>
  >;
}
