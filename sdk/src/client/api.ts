import { Hook0Error } from '../errors.ts';
import { type Answers, operations } from '../generated/operations.ts';
import { jsonOf } from '../json.ts';
import { kindOf } from '../options.ts';
import { type CallOptions, checkCallOptions } from './options.ts';
import type { Transport } from './transport.ts';
import type { Page } from './types.ts';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Request<Status> {
  /** What takes the place of the id in the path. */
  readonly id?: string;
  readonly query?: Query | undefined;
  /** Written as JSON. */
  readonly body?: object;
  /** JSON text, sent in place of `body`. */
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default - every documented status of the operation */
  readonly status?: Status & number;
  /** Whether a second request has the same effect as one. @default - true unless the method is POST */
  readonly repeatable?: boolean;
  readonly options?: CallOptions | undefined;
}

/** Calls an operation of the API by its name in docs/openapi.json. */
export type Api = <Name extends keyof Answers, Status extends keyof Answers[Name] = keyof Answers[Name]>(
  name: Name,
  request: Request<Status>,
) => Promise<Answers[Name][Status]>;

export function apiOf(transport: Transport): Api {
  return async <Name extends keyof Answers, Status extends keyof Answers[Name]>(
    name: Name,
    request: Request<Status>,
  ) => {
    const { id, query, body, json, headers = {}, status, options = {} } = request;
    const operation = operations[name];
    checkCallOptions(options);
    const content = await transport.send({
      operation,
      path: pathOf(operation.path, id),
      search: searchOf(query),
      body: json ?? (body === undefined ? undefined : jsonOf(body, `${operation.method} ${operation.path}`)),
      headers,
      statuses: status === undefined ? Object.keys(operation.answers).map(Number) : [status],
      repeatable: request.repeatable ?? operation.method !== 'POST',
      options,
    });
    // The transport has checked that it has the shape of this operation's answer.
    return content as Answers[Name][Status];
  };
}

/** Reads every item of a list. The next page is read when the loop reaches it. */
export async function* itemsOf<T>(
  page: (cursor: { readonly cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  for (let cursor: string | undefined; ; ) {
    const { data, nextCursor } = await page(cursor === undefined ? {} : { cursor });
    yield* data;
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}

function pathOf(template: string, id: unknown): string {
  return template.replace(/\{(\w+)\}/, (_, name: string) => {
    // An empty id, or an id such as `..`, would turn the path into that of another request.
    if (typeof id === 'string' && !/^\.{0,2}$/.test(id)) return encodeURIComponent(id);
    const received = typeof id === 'string' ? JSON.stringify(id) : kindOf(id);
    throw new Hook0Error(`${name}: received ${received}; expected a name or an id, such as evt_01h…`);
  });
}

function searchOf(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
