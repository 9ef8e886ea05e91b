import { Hook0Error } from '../errors.ts';
import { checkNames, kindOf } from '../options.ts';
import type { WebAbortSignal, WebFetch } from '../runtime-types.ts';

export interface ClientOptions {
  /** The address of the API. The deployment prints it as `ApiUrl`. @default - the environment variable HOOK0_URL */
  readonly apiUrl?: string | undefined;
  /** A token such as `hk0_…`. @default - the environment variable HOOK0_TOKEN */
  readonly apiToken?: string | undefined;
  /** The application, for a token that is valid for all applications. @default - the token's, or `default` */
  readonly application?: string | undefined;
  /** How many milliseconds one attempt may take. @default 30000 */
  readonly timeout?: number | undefined;
  /** How often a request is repeated at most. @default 3 */
  readonly retries?: number | undefined;
  /** Sends the requests, for example through a proxy. @default - the global fetch */
  readonly fetch?: WebFetch | undefined;
  /** Is called before each attempt. What it throws, the call rejects with. */
  readonly onRequest?: ((request: RequestRecord) => void) | undefined;
  /** Is called after each attempt, for a log. What it throws, the call rejects with. */
  readonly onAnswer?: ((answer: AnswerRecord) => void) | undefined;
}

/** One attempt. It never holds the token or a body. */
export interface RequestRecord {
  readonly method: string;
  readonly url: string;
  /** From 1. */
  readonly attempt: number;
}

export interface AnswerRecord extends RequestRecord {
  /** Milliseconds. */
  readonly duration: number;
  /** Absent when there was no answer. */
  readonly status?: number | undefined;
  /** Finds the request in the log of the deployment. */
  readonly requestId?: string | undefined;
  /** Absent after a success. */
  readonly error?: Error | undefined;
  /** Milliseconds until the next attempt. Absent when this was the last one. */
  readonly retryIn?: number | undefined;
}

/** Options of one call. */
export interface CallOptions {
  /** Ends the call: it rejects with the signal's reason. The request may have had its effect. */
  readonly signal?: WebAbortSignal | undefined;
  /** How many milliseconds one attempt may take. @default - the client's */
  readonly timeout?: number | undefined;
}

export interface SendOptions extends CallOptions {
  /**
   * For 24 hours, a second post with the same key does not create a second event.
   *
   * @default - a new key for each call, so that the client can repeat the request safely
   */
  readonly idempotencyKey?: string | undefined;
}

/** The options of a client after all checks. */
export interface Settings {
  readonly apiUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeout: number;
  readonly retries: number;
  readonly fetch: WebFetch;
  onRequest(request: RequestRecord): void;
  onAnswer(answer: AnswerRecord): void;
}

const names = ['apiUrl', 'apiToken', 'application', 'timeout', 'retries', 'fetch', 'onRequest', 'onAnswer'];
/** A longer time would make a timer of JavaScript fire at once. */
const longestTimeout = 2 ** 31 - 1;

/** @throws Hook0Error that names the option, the value received and what is expected */
export function settingsOf(options: ClientOptions, env: Env): Settings {
  checkNames('new Hook0Client', options, names);
  const { apiUrl = env.HOOK0_URL, apiToken = env.HOOK0_TOKEN, application } = options;
  const { timeout = 30_000, retries = 3, onRequest = ignore, onAnswer = ignore } = options;
  // `fetch` is looked up at each call, so that a test can replace the global one.
  const { fetch = (...request: Parameters<typeof globalThis.fetch>) => globalThis.fetch(...request) } =
    options;
  checkTimeout(timeout);
  if (!Number.isInteger(retries) || retries < 0) {
    throw new Hook0Error(`retries: received ${retries}; expected a whole number, 0 or more`);
  }
  for (const [name, value] of Object.entries({ fetch, onRequest, onAnswer })) {
    if (typeof value !== 'function') {
      throw new Hook0Error(`${name}: received ${kindOf(value)}; expected a function`);
    }
  }
  return {
    apiUrl: checkedUrl(apiUrl),
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${checkedToken(apiToken)}`,
      ...(application === undefined ? {} : { 'x-hook0-application': checkedApplication(application) }),
    },
    ...{ timeout, retries, fetch, onRequest, onAnswer },
  };
}

/** @throws Hook0Error that names the option, the value received and what is expected */
export function checkCallOptions(options: SendOptions, known: readonly string[] = callOptionNames): void {
  checkNames('options', options, known);
  if (options.timeout !== undefined) checkTimeout(options.timeout);
  const { signal } = options;
  if (signal !== undefined && !(typeof signal === 'object' && signal !== null && 'aborted' in signal)) {
    throw new Hook0Error(`signal: received ${kindOf(signal)}; expected an AbortSignal`);
  }
}

const callOptionNames = ['signal', 'timeout'];
export const sendOptionNames = [...callOptionNames, 'idempotencyKey'];

type Env = Readonly<Record<string, string | undefined>>;

function checkTimeout(timeout: unknown): void {
  if (typeof timeout === 'number' && timeout > 0 && timeout <= longestTimeout) return;
  throw new Hook0Error(
    `timeout: received ${String(timeout)}; expected a number of milliseconds above 0, at most ${longestTimeout}`,
  );
}

function checkedUrl(text: unknown): string {
  if (text === undefined) {
    throw new Hook0Error('apiUrl: it is missing; give the address of the API, or set HOOK0_URL');
  }
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  const isAddress = url && /^https?:$/.test(url.protocol) && url.search + url.hash + url.username === '';
  if (isAddress) return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  throw new Hook0Error(
    `apiUrl: received ${JSON.stringify(text)}; expected the address of the API, such as https://abc123.execute-api.eu-west-1.amazonaws.com`,
  );
}

function checkedToken(token: unknown): string {
  if (token === undefined) throw new Hook0Error('apiToken: it is missing; give a token, or set HOOK0_TOKEN');
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token;
  throw new Hook0Error('apiToken: expected a token such as hk0_…, without spaces or line ends');
}

function checkedApplication(id: unknown): string {
  if (typeof id === 'string' && /^[\x21-\x7e]+$/.test(id)) return id;
  throw new Hook0Error(`application: received ${JSON.stringify(id)}; expected the id of an application`);
}

const ignore = (): void => undefined;
