/** A call of the API that did not answer what was expected. */
class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when there is none. */
  readonly json: unknown;
}

export interface Api {
  /** Sends `body` as JSON; a string is sent as it stands. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiAnswer>;
  /** Like `call`, and throws unless the answer has this status. */
  expect(
    status: number,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** Calls a deployment's API with a token. */
export function createApi(origin: string, token: string): Api {
  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const response = await fetch(origin + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson ? JSON.parse(text) : undefined,
    };
  }
  return {
    call,
    async expect(status, method, path, body) {
      const answer = await call(method, path, body);
      if (answer.status !== status) {
        throw new UnexpectedAnswer(
          `${method} ${path}: expected ${status}, got ${answer.status} ${answer.text.slice(0, 500)}`,
        );
      }
      return typeof answer.json === 'object' && answer.json !== null ? { ...answer.json } : {};
    },
  };
}
