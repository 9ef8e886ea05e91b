import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, Hook0Error, NoAnswerError } from './errors.ts';
import { version } from './version.ts';

export interface ClientOptions {
  /** Where the API is, such as the `ApiUrl` that the deployment printed. */
  readonly url: string;
  readonly token: string;
  /** The application to act in, for tokens that are for all. @default - the token's, or `default` */
  readonly application?: string;
  /** Milliseconds that one attempt may take. @default 30000 */
  readonly timeout?: number;
  /** How often a request is tried again that may be. @default 3 */
  readonly retries?: number;
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** JSON text, as it is to be sent. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the answer is. @default json */
  readonly answer?: 'json' | 'text';
  /** Whether doing it twice does the same as once. */
  readonly repeatable: boolean;
}

/** What makes requests; tests give their own. */
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
/** Beyond it the caller is told, who may have something better to do than wait. */
const longestRetryAfter = 60_000;
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfter: number | undefined;
}

/** Sends requests and repeats those that met trouble that passes, as long as repeating them does no harm. */
export class Transport {
  readonly #origin: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeout: number;
  readonly #retries: number;
  readonly #ports: TransportPorts;

  /** @throws Hook0Error for options that cannot work */
  constructor(options: ClientOptions, ports: TransportPorts = defaultPorts) {
    const { url, token, application, timeout = 30_000, retries = 3 } = options;
    this.#origin = checkedUrl(url);
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) {
      throw new Hook0Error('token: expected a token such as hk0_…, without blanks');
    }
    if (!(timeout > 0)) throw new Hook0Error(`timeout: received ${timeout}; expected milliseconds above 0`);
    if (!Number.isInteger(retries) || retries < 0) {
      throw new Hook0Error(`retries: received ${retries}; expected a whole number from 0`);
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
   * @returns the parsed body, undefined when there is none; its text for a call whose answer is text
   * @throws ApiError, NoAnswerError, Hook0Error for an id that cannot be one and a port that is never asked
   */
  async send(call: Call): Promise<unknown> {
    const request = `${call.method} ${call.path}`;
    // An empty id, or one that goes up a level, would make it another request.
    if (/\/(?:\.{0,2}(?:\/|$))/.test(call.path))
      throw new Hook0Error(`${request}: expected an id such as evt_01h…`);
    for (let attempt = 0; ; attempt += 1) {
      const isLast = attempt === this.#retries;
      let pause = Math.min(longestPause, firstPause * 2 ** attempt) * (0.5 + this.#ports.random() / 2);
      try {
        const answer = await this.#once(call);
        if (answer.status < 300) return answer.body;
        // What an earlier attempt removed, whose answer got lost, is not there any more.
        if (answer.status === 404 && call.method === 'DELETE' && attempt > 0) return undefined;
        const error = new ApiError(request, answer.status, answer.body);
        const wait = answer.retryAfter ?? 0;
        if (isLast || !mayRepeat(call, error) || wait > longestRetryAfter) throw error;
        pause = Math.max(pause, wait);
      } catch (error) {
        if (error instanceof ApiError) throw error;
        if (isRefusedPort(error)) {
          throw new Hook0Error(
            `url: received ${this.#origin}, whose port fetch never connects to; expected one that is not in https://fetch.spec.whatwg.org/#port-blocking`,
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
      ...(body === undefined ? {} : { body }),
      // A token must not follow a redirect to somebody else.
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

/** Some answers say that nothing was done: those may be tried again whatever it was. */
function mayRepeat({ repeatable }: Call, { status, code }: ApiError): boolean {
  if (status === 429 || code === 'contended') return true;
  return repeatable && (passing.has(status) || code === 'idempotency_in_progress');
}

/** fetch knows ports of other protocols, and asks nobody there. */
const isRefusedPort = (error: unknown): boolean =>
  error instanceof TypeError && error.cause instanceof Error && error.cause.message === 'bad port';

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.username !== '') {
    throw new Hook0Error(
      `url: received ${JSON.stringify(text)}; expected where the API is, such as https://abc123.execute-api.eu-west-1.amazonaws.com`,
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
