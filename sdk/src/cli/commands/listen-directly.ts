import type { Shell } from '../shell/shell.ts';
import type { Listener } from './listener.ts';

/** Receives webhooks from an API on this machine. The answer of the receiver is the answer of this endpoint. */
export async function listenDirectly(listener: Listener, shell: Shell): Promise<void> {
  const { ports } = shell;
  const stopped = ports.interrupts();
  let secret = '';
  const server = await ports.serve(async ({ headers, body }) => {
    const answer = await listener.handle({ headers, body }, secret);
    if (answer === undefined) return { status: 204, body: '' };
    return answer.status === undefined
      ? { status: 502, body: `the receiver did not answer: ${answer.error ?? ''}` }
      : { status: answer.status, body: answer.body };
  });
  try {
    // Each webhook is shown once, and a receiver that fails does not stop the next one.
    const settings = { url: server.url, retryConfig: { maxAttempts: 1 }, circuitBreaker: { enabled: false } };
    await listener.withEndpoint(shell.client(), settings, async (_, ownSecret) => {
      secret = ownSecret;
      listener.ready(secret, 'arrive directly');
      await untilAborted(stopped);
    });
  } finally {
    await server.stop();
  }
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve());
    if (signal.aborted) resolve();
  });
