import type { Hook0Client } from '../../client/client.ts';
import type { Endpoint, NewEndpoint } from '../../client/types.ts';
import { Hook0Error } from '../../errors.ts';
import { verifyWebhook } from '../../webhooks/edge.ts';
import { WebhookVerificationError } from '../../webhooks/error.ts';
import { answerStyled, type ForwardedAnswer, forward } from '../requests/forward.ts';
import type { Shell } from '../shell/shell.ts';
import { oneLine } from '../shell/style.ts';
import { clock } from '../views/time.ts';

export interface ListenerOptions {
  /** Where webhooks are forwarded to. Without it they are only shown. */
  readonly to: string | undefined;
  readonly events: readonly string[];
}

/** A webhook as it was signed. */
export interface SignedWebhook {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

/** Headers of one connection, which the next connection makes itself. */
const hopByHop = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'keep-alive',
  'accept-encoding',
]);
/** Characters of an answer that are shown. */
const longestShown = 500;

/** The temporary endpoint, and what happens with each of its webhooks. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #shell: Shell;

  constructor(options: ListenerOptions, shell: Shell) {
    this.#options = options;
    this.#shell = shell;
  }

  /**
   * Makes an endpoint, calls `use` with it, and removes it, whatever happened.
   *
   * @param rest - the settings besides the name and the events
   */
  async withEndpoint(
    client: Hook0Client,
    rest: Omit<NewEndpoint, 'name' | 'events'>,
    use: (endpoint: Endpoint, secret: string) => Promise<void>,
  ): Promise<void> {
    const { events } = this.#options;
    const endpoint = await client.endpoints.create({ name: 'hook0 listen', events, ...rest });
    try {
      const { secret } = await client.endpoints.secret(endpoint.id);
      await use(endpoint, secret);
    } finally {
      await this.#remove(client, endpoint.id);
    }
  }

  async #remove(client: Hook0Client, id: string): Promise<void> {
    try {
      await client.endpoints.delete(id);
      if (!this.#shell.isJson) this.#shell.note(`the temporary endpoint ${id} is removed`);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Hook0Error(
        `the temporary endpoint ${id} is left: remove it with hook0 endpoints delete ${id} (${why})`,
        {
          cause: error,
        },
      );
    }
  }

  /** Says that from now on webhooks arrive. The secret goes to standard error, because the receiver needs it. */
  ready(secret: string, how: string): void {
    const { to, events } = this.#options;
    const where = to === undefined ? 'showing them' : `forwarding to ${to}`;
    this.#shell.note(`ready: ${events.join(', ')} ${how}, ${where}; Ctrl-C ends`);
    this.#shell.note(`secret of the temporary endpoint: ${secret}`);
  }

  /** Verifies a webhook, forwards it and shows what happened. @returns what the receiver answered, if it was asked */
  async handle(webhook: SignedWebhook, secret: string): Promise<ForwardedAnswer | undefined> {
    const { ports } = this.#shell;
    const refusal = await refusalOf(webhook, secret);
    const headers = Object.fromEntries(
      Object.entries(webhook.headers).filter(([name]) => !hopByHop.has(name)),
    );
    const { to } = this.#options;
    const isForwarded = refusal === undefined && to !== undefined;
    const answer = isForwarded ? await forward(to, headers, webhook.body, ports.now) : undefined;
    this.#show(webhook, refusal, answer);
    return answer;
  }

  #show(
    { headers, body }: SignedWebhook,
    refusal: string | undefined,
    answer: ForwardedAnswer | undefined,
  ): void {
    const payload = typeof body === 'string' ? body : new TextDecoder().decode(body);
    const shell = this.#shell;
    const id = headers['webhook-id'];
    const type = headers['x-hook0-event-type'];
    if (shell.isJson) {
      shell.json({
        id,
        type,
        verified: refusal === undefined,
        error: refusal,
        payload: parsedOr(payload),
        answer,
      });
      return;
    }
    const verified =
      refusal === undefined
        ? shell.styled({ text: 'verified', style: 'green' })
        : shell.styled({ text: `not forwarded: ${oneLine(refusal)}`, style: 'red' });
    const attempt = headers['x-hook0-attempt'];
    const number = attempt === undefined || attempt === '1' ? '' : ` attempt ${attempt}`;
    const time = shell.styled({ text: clock(shell.ports.now()), style: 'dim' });
    const lines = [`${time} ${oneLine(`${id} ${type}`)}${oneLine(number)} ${verified}`, indented(payload)];
    if (answer !== undefined)
      lines.push(`         ${shell.styled(answerStyled(answer))}`, indented(answer.body));
    shell.ports.out(`${lines.filter((line) => line.trim() !== '').join('\n')}\n`);
  }
}

async function refusalOf({ headers, body }: SignedWebhook, secret: string): Promise<string | undefined> {
  try {
    await verifyWebhook({ headers, body, secret });
    return undefined;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return error.message;
    throw error;
  }
}

function indented(text: string): string {
  const shown = oneLine(text.slice(0, longestShown)).trim();
  return shown === '' ? '' : `         ${shown}${text.length > longestShown ? '…' : ''}`;
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
