import type { Socket } from 'node:net';
import type { FailureClass } from '#core/attempt/outcome.ts';
import { checkTargetUrl, hostOf, type TargetPolicy } from '#core/outbound/target-url.ts';
import type { EndpointAnswer } from './answer-reader.ts';
import { createConnections, refusedPeer } from './connect.ts';
import { type Exchanged, exchange } from './exchange.ts';
import type { Failure } from './failure.ts';
import { dnsResolver, guardedLookup, type ResolveAddresses } from './guarded-lookup.ts';
import { createIdleConnections } from './idle-connections.ts';
import type { HttpMessage } from './request-head.ts';

export interface SenderOptions {
  readonly policy: TargetPolicy;
  /** @default - DNS queries by dnsResolver() */
  readonly lookup?: ResolveAddresses;
  /** How long an idle connection is kept for the next request, in milliseconds. @default 4000 */
  readonly keepAliveMs?: number;
  /** PEM of certificate authorities to trust instead of the well-known ones. @default - the well-known ones */
  readonly ca?: string;
  /** Milliseconds of a clock that runs on while the process is frozen. @default Date.now */
  readonly now?: () => number;
}

export interface SendRequest {
  readonly url: string;
  /** Sent as given, except for those that frame the message (host, content-length, connection …). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Milliseconds for everything together: DNS, connect, TLS, the request, the answer's headers and body. */
  readonly deadlineMs: number;
  /** Ends the request early, as if the deadline had passed. */
  readonly signal?: AbortSignal;
  /**
   * Called when the whole request has been handed to the operating system. What comes after is up to the receiver: DNS, TCP
   * and TLS are over. Called again if the request is repeated.
   */
  readonly onSent?: () => void;
}

export type SendResult = {
  readonly durationMs: number;
  /** Bytes that came from the receiver. */
  readonly bytesRead: number;
} & (
  | ({ readonly kind: 'answered' } & EndpointAnswer)
  | {
      readonly kind: 'failed';
      readonly errorClass: FailureClass;
      /** Names the host; never a path, a query, a header value or a body. */
      readonly message: string;
    }
);

/**
 * Sends webhooks: POSTs over kept connections, only to targets that the policy allows. A connection serves one URL only, so
 * that an answer that comes late cannot be taken for that of another endpoint.
 *
 * A request is repeated once, on a new connection, only when a kept connection ends or brings anything else before an
 * answer begins. The receiver may then see it twice, with the same `webhook-id`.
 */
export function createSender(options: SenderOptions) {
  const { policy, keepAliveMs = 4000, ca, now = Date.now } = options;
  const lookup = guardedLookup(options.lookup ?? dnsResolver(), policy);
  const connections = createConnections({ policy, lookup, ca });
  const idle = createIdleConnections(keepAliveMs, now);

  async function post(message: HttpMessage, deadline: AbortSignal, onSent: () => void): Promise<Exchanged> {
    const { url } = message;
    const key = url.href;
    const keep = (socket: Socket, reusableFor: number) => idle.put(key, socket, reusableFor);
    const over = (socket: Socket) => exchange(message, socket, { deadline, onSent, keep });

    const kept = await idle.take(key);
    if (kept === undefined) return overNew(0);
    const refused = refusedPeer(kept, hostOf(url), policy);
    if (refused !== undefined) {
      kept.destroy();
      return failed(refused, 0);
    }
    const first = await over(kept);
    return first.kind === 'failed' && first.isUnanswered && !deadline.aborted
      ? overNew(first.bytesRead)
      : first;

    async function overNew(alreadyRead: number): Promise<Exchanged> {
      const connected = await connections.connect(url, deadline);
      if ('failure' in connected) return failed(connected.failure, alreadyRead);
      const exchanged = await over(connected.socket);
      return { ...exchanged, bytesRead: alreadyRead + exchanged.bytesRead };
    }
  }

  /** POSTs once. It never throws because of the receiver and never follows a redirect. */
  async function send(request: SendRequest): Promise<SendResult> {
    const startedAt = now();
    const duration = () => Math.max(0, Math.round(now() - startedAt));
    const { deadlineMs, signal, headers, body, onSent = () => undefined } = request;
    const target = checkTargetUrl(request.url, policy);
    if (!target.ok) {
      const { message } = target;
      return {
        kind: 'failed',
        errorClass: 'forbidden_target',
        message,
        bytesRead: 0,
        durationMs: duration(),
      };
    }
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), Math.max(0, deadlineMs));
    if (deadlineMs <= 0) timer.abort();
    const deadline = signal === undefined ? timer.signal : AbortSignal.any([timer.signal, signal]);
    const exchanged = await post({ url: target.url, headers, body }, deadline, onSent).finally(() =>
      clearTimeout(timeout),
    );
    const measured = { bytesRead: exchanged.bytesRead, durationMs: duration() };
    return exchanged.kind === 'answered'
      ? { kind: 'answered', ...exchanged.answer, ...measured }
      : { kind: 'failed', ...exchanged.failure, ...measured };
  }

  return { send, close: connections.close };
}

const failed = (failure: Failure, bytesRead: number): Exchanged => ({
  kind: 'failed',
  failure,
  bytesRead,
  isUnanswered: true,
});
