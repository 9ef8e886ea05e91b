import { Hook0Error } from '../errors.ts';
import type { Operation } from '../generated/operations.ts';
import { version } from '../generated/version.ts';
import { type Answer, contentOf } from './answer.ts';
import { ApiError, NoAnswerError } from './errors.ts';
import type { CallOptions, Settings } from './options.ts';
import type { Ports } from './ports.ts';
import { longestRetryAfter, mayRepeat, pauseAfter, retryAfterOf } from './retry.ts';

/** One request to the API, ready to be sent. */
export interface Call {
  readonly operation: Operation;
  /** The path, with an id in it. */
  readonly path: string;
  /** Empty, or with its question mark. */
  readonly search: string;
  /** JSON text, sent unchanged. */
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The statuses that are a success for this call. */
  readonly statuses: readonly number[];
  /** Whether a second request has the same effect as one. */
  readonly repeatable: boolean;
  readonly options: CallOptions;
}

type Result =
  | { readonly content: unknown; readonly error?: undefined; readonly retryIn?: undefined }
  /** `retryIn` is missing when the request must not be repeated. */
  | { readonly error: Error; readonly retryIn?: number | undefined };

/** Sends requests. After a temporary error it repeats a request, if a second request has the same effect as one. */
export class Transport {
  readonly #settings: Settings;
  readonly #ports: Ports;

  constructor(settings: Settings, ports: Ports) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /**
   * @returns the parsed body, or undefined when there is none, or the text of an operation that answers text
   * @throws ApiError, NoAnswerError, UnexpectedAnswerError, the reason of the signal, and Hook0Error for a port that
   *   fetch blocks
   */
  async send(call: Call): Promise<unknown> {
    const { signal } = call.options;
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      const result = await this.#attempt(call, attempt);
      if (result.error === undefined) return result.content;
      // The caller gave up, so how the attempt failed does not matter any more.
      signal?.throwIfAborted();
      if (result.retryIn === undefined) throw result.error;
      await this.#ports.sleep(result.retryIn, signal);
    }
  }

  async #attempt(call: Call, attempt: number): Promise<Result> {
    const { apiUrl, onRequest, onAnswer } = this.#settings;
    const record = { method: call.operation.method, url: `${apiUrl}${call.path}${call.search}`, attempt };
    onRequest(record);
    const startedAt = this.#ports.now();
    const { answer, cause } = await this.#fetched(call, record.url);
    const result = answer ? this.#judged(call, attempt, answer) : this.#unanswered(call, attempt, cause);
    onAnswer({
      ...record,
      duration: this.#ports.now() - startedAt,
      status: answer?.status,
      requestId: answer?.headers.get('x-request-id') ?? undefined,
      error: result.error,
      retryIn: result.retryIn,
    });
    return result;
  }

  #judged(call: Call, attempt: number, answer: Answer): Result {
    // An earlier attempt deleted it, and the answer of that attempt was lost.
    if (answer.status === 404 && call.operation.method === 'DELETE' && attempt > 1)
      return { content: undefined };
    try {
      return { content: contentOf(requestOf(call), call.operation, call.statuses, answer) };
    } catch (error) {
      if (!(error instanceof Hook0Error)) throw error;
      if (!(error instanceof ApiError) || !mayRepeat(call.repeatable, error)) return { error };
      const wait = retryAfterOf(answer.headers.get('retry-after'), this.#ports.now()) ?? 0;
      return wait > longestRetryAfter ? { error } : { error, retryIn: this.#pause(attempt, wait) };
    }
  }

  #unanswered(call: Call, attempt: number, cause: unknown): Result {
    if (isBlockedPort(cause)) {
      const message = `apiUrl: received ${this.#settings.apiUrl}, but fetch blocks this port; expected a port that is not in https://fetch.spec.whatwg.org/#port-blocking`;
      return { error: new Hook0Error(message, { cause }) };
    }
    const error = new NoAnswerError(requestOf(call), attempt, cause);
    return call.repeatable ? { error, retryIn: this.#pause(attempt, 0) } : { error };
  }

  /** Undefined after the last attempt. */
  #pause(attempt: number, atLeast: number): number | undefined {
    if (attempt > this.#settings.retries) return undefined;
    return Math.max(atLeast, pauseAfter(attempt, this.#ports.random()));
  }

  async #fetched(
    { operation: { method }, body, headers, options }: Call,
    url: string,
  ): Promise<{ readonly answer?: Answer; readonly cause?: unknown }> {
    const { signal, timeout = this.#settings.timeout } = options;
    const controller = new AbortController();
    const abort = () => controller.abort(signal?.reason);
    const late = new DOMException(`it took longer than ${timeout} ms`, 'TimeoutError');
    const timer = setTimeout(() => controller.abort(late), timeout);
    signal?.addEventListener('abort', abort);
    // An abort that came before the listener does not reach it.
    if (signal?.aborted) abort();
    try {
      const response = await this.#settings.fetch(url, {
        method,
        headers: {
          ...this.#settings.headers,
          'user-agent': `hook0-sdk/${version}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        // A redirect could send the token to another host.
        redirect: 'manual',
        signal: controller.signal,
      });
      const { status, headers: answered } = response;
      return { answer: { status, headers: answered, text: await response.text() } };
    } catch (cause) {
      return { cause };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
  }
}

const requestOf = ({ operation, path }: Call): string => `${operation.method} ${path}`;

/** fetch does not connect to ports of certain other protocols. */
const isBlockedPort = (error: unknown): boolean =>
  error instanceof TypeError && error.cause instanceof Error && error.cause.message === 'bad port';
