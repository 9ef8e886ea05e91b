import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, Hook0Error, NoAnswerError } from './errors.ts';
import { version } from './version.ts';

export interface ClientOptions {
  /** The address of the API. The deployment prints it as `ApiUrl`. */
  readonly url: string;
  readonly token: string;
  /** The application, for a token that is valid for all applications. @default - the token's, or `default` */
  readonly application?: string;
  /** How many milliseconds one attempt may take. @default 30000 */
  readonly timeout?: number;
  /** How often a request is repeated at most. @default 3 */
  readonly retries?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** JSON text, sent unchanged. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The form of the answer. @default json */
  readonly answer?: 'json' | 'text';
  /** Whether a second request has the same effect as one. */
  readonly repeatable: boolean;
}

/** The side effects of the transport. Tests replace them. */
export interface TransportPorts {
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds. */
  sleep(milliseconds: number): Promise<unknown>;
  /** In [0, 1). */
  random(): number;
}

const defaultPorts: TransportPorts = {
  fetch: (...request) => globalThis.fetch(...request),
  sleep: (milliseconds) => sleep(milliseconds),
  random: Math.random,
};

const firstPause = 500;
const longestPause = 8_000;
/** When the API asks for a longer wait, the caller gets the error at once, so that it can decide itself. */
const longestRetryAfter = 60_000;
const temporaryStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: number | undefined;
}

/** Sends requests. After a temporary error it repeats a request, if a second request has the same effect as one. */
export class Transport {
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeout: number;
  readonly #retries: number;
  readonly #ports: TransportPorts;

  /** @throws Hook0Error when an option is invalid */
  constructor(options: ClientOptions, ports: TransportPorts = defaultPorts) {
    const { url, token, application, timeout = 30_000, retries = 3 } = options;
    this.#origin = checkedUrl(url);
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
      throw new Hook0Error('token: expected a token such as hk0_…, without spaces');
    }
    if (!(timeout > 0))
      throw new Hook0Error(`timeout: received ${timeout}; expected a number of milliseconds above 0`);
    if (!Number.isInteger(retries) || retries < 0) {
      throw new Hook0Error(`retries: received ${retries}; expected a whole number, 0 or more`);
    }
    this.#headers = {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'user-agent': `hook0-sdk/${version}`,
      ...(application === undefined ? {} : { 'x-hook0-application': application }),
    };
    this.#timeout = timeout;
    this.#retries = retries;
    this.#ports = ports;
  }

  /**
   * @returns the parsed body, or undefined when there is none; for the answer `text` the text itself
   * @throws ApiError, NoAnswerError, and Hook0Error for an invalid id or a port that fetch blocks
   */
  async send(call: Call): Promise<unknown> {
    const request = `${call.method} ${call.path}`;
    // An empty id, or an id such as `..`, would turn the path into that of another request.
    if (/\/(?:\.{0,2}(?:\/|$))/.test(call.path)) {
      throw new Hook0Error(`${request}: expected an id such as evt_01h…`);
    }
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt === this.#retries;
      let pause = Math.min(longestPause, firstPause * 2 ** attempt) * (0.5 + this.#ports.random() / 2);
      try {
        const answer = await this.#once(call);
        if (answer.status < 300) return answer.body;
        // An earlier attempt deleted it, and the answer of that attempt was lost.
        if (answer.status === 404 && call.method === 'DELETE' && attempt > 0) return undefined;
        const error = new ApiError(request, answer.status, answer.body);
        const wait = answer.retryAfter ?? 0;
        if (isLast || !mayRepeat(call, error) || wait > longestRetryAfter) throw error;
        pause = Math.max(pause, wait);
      } catch (error) {
        if (error instanceof ApiError) throw error;
        if (isBlockedPort(error)) {
          throw new Hook0Error(
            `url: received ${this.#origin}, but fetch blocks this port; expected a port that is not in https://fetch.spec.whatwg.org/#port-blocking`,
            { cause: error },
          );
        }
        if (isLast || !call.repeatable) throw new NoAnswerError(request, attempt + 1, error);
      }
      await this.#ports.sleep(pause);
    }
  }

  async #once({ method, path, query = {}, body, headers = {}, answer = 'json' }: Call): Promise<Answer> {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) parameters.set(name, String(value));
    }
    const search = parameters.size > 0 ? `?${parameters}` : '';
    const response = await this.#ports.fetch(`${this.#origin}${path}${search}`, {
      method,
      headers: {
        ...this.#headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(answer === 'text' ? { accept: 'text/plain' } : {}),
        ...headers,
      },
      body,
      // A redirect could send the token to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(this.#timeout),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: answer === 'text' && response.ok ? text : parsed(text),
      retryAfter: seconds(response.headers.get('retry-after')),
    };
  }
}

/** Some answers say that the request had no effect. After these every request may be repeated. */
function mayRepeat({ repeatable }: Call, { status, code }: ApiError): boolean {
  if (status === 429 || code === 'contended') return true;
  return repeatable && (temporaryStatuses.has(status) || code === 'idempotency_in_progress');
}

/** fetch does not connect to ports of certain other protocols. */
const isBlockedPort = (error: unknown): boolean =>
  error instanceof TypeError && error.cause instanceof Error && error.cause.message === 'bad port';

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.username !== '') {
    throw new Hook0Error(
      `url: received ${JSON.stringify(text)}; expected the address of the API, such as https://abc123.execute-api.eu-west-1.amazonaws.com`,
    );
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function seconds(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : undefined;
}
