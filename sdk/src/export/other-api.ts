import { longestRetryAfter, retryAfterOf } from '../client/retry.ts';
import { Hook0Error } from '../errors.ts';

export interface OtherApiOptions {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resolves after so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const mostTries = 6;
const timeout = 30_000;

/** Reads from the API of another system, one request after the other. */
export class OtherApi {
  readonly #options: OtherApiOptions;

  constructor(options: OtherApiOptions) {
    this.#options = options;
  }

  /**
   * The JSON of an answer, or null when there is no such thing. Repeats what is refused for a while or fails.
   *
   * @throws Hook0Error for any other answer, with its status and never with its text, which may hold secrets
   */
  async get(path: string): Promise<unknown> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#ask(path);
      if (answer.status === 404) return null;
      if (answer.ok) return await this.#json(answer, path);
      await answer.body?.cancel();
      const isPassing = answer.status === 429 || answer.status >= 500;
      if (!isPassing || tries === mostTries) throw new Hook0Error(`GET ${path}: received ${answer.status}`);
      const asked = retryAfterOf(answer.headers.get('retry-after'), this.#options.now());
      await this.#options.sleep(Math.min(longestRetryAfter, asked || 1_000 * 2 ** (tries - 1)));
    }
  }

  async #ask(path: string): Promise<Response> {
    const { url, token } = this.#options;
    try {
      return await fetch(url + path, {
        headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
        // A redirect could take the token to another host.
        redirect: 'error',
        signal: AbortSignal.timeout(timeout),
      });
    } catch (error) {
      throw new Hook0Error(`GET ${url}${path}: no answer`, { cause: error });
    }
  }

  async #json(answer: Response, path: string): Promise<unknown> {
    try {
      return await answer.json();
    } catch (error) {
      throw new Hook0Error(`GET ${path}: received ${answer.status} without valid JSON`, { cause: error });
    }
  }
}
