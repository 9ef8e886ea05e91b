import { Hook0Error } from '../../errors.ts';
import type { Styled } from '../shell/style.ts';
import { duration } from '../views/time.ts';

/** What a receiver answered to a forwarded request. */
export interface ForwardedAnswer {
  /** Absent without an answer. */
  readonly status?: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly body: string;
  /** Why there was no answer. */
  readonly error?: string;
}

/** Milliseconds. As long as Hook0 waits at most. */
const longestWait = 30_000;

/** Posts a webhook to a receiver. It does not throw when there is no answer. */
export async function forward(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array | string,
  now: () => number,
): Promise<ForwardedAnswer> {
  const startedAt = now();
  try {
    const signal = AbortSignal.timeout(longestWait);
    const bytes = typeof body === 'string' ? body : new Uint8Array(body);
    const response = await fetch(url, { method: 'POST', headers, body: bytes, redirect: 'manual', signal });
    const text = await response.text();
    return { status: response.status, duration: now() - startedAt, body: text };
  } catch (error) {
    const { cause, message } = error instanceof Error ? error : new Error(String(error));
    const reason = cause instanceof Error && cause.message !== '' ? cause.message : message;
    return { duration: now() - startedAt, body: '', error: reason };
  }
}

export function answerStyled({ status, error, ...answer }: ForwardedAnswer): Styled {
  if (status === undefined) return { text: `no answer: ${error ?? ''}`, style: 'red' };
  const isSuccess = status >= 200 && status < 300;
  return { text: `HTTP ${status} in ${duration(answer.duration)}`, style: isSuccess ? 'green' : 'red' };
}

/** @throws Hook0Error for anything but an http or https URL; `4000/webhooks` and `localhost:4000` are completed */
export function receiverUrl(given: string): string {
  const text = /^\d+(?:\/|$)/.test(given) ? `http://localhost:${given}` : given;
  const full = /^https?:\/\//.test(text) ? text : `http://${text}`;
  if (URL.canParse(full)) return new URL(full).href;
  throw new Hook0Error(
    `received ${JSON.stringify(given)}; expected a URL such as http://localhost:4000/webhooks`,
  );
}
