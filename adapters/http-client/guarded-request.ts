import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { FailureClass } from '#core/attempt/outcome.ts';
import { checkTargetUrl, type TargetPolicy } from '#core/outbound/target-url.ts';
import type { EndpointAnswer } from './answer.ts';
import { type Exchanged, exchange, type HttpMessage } from './exchange.ts';
import { dnsResolver, guardedLookup, type ResolveAddresses } from './guarded-lookup.ts';

export interface SenderOptions {
  readonly policy: TargetPolicy;
  /** @default - DNS queries by dnsResolver() */
  readonly lookup?: ResolveAddresses;
  /** How long an idle connection is kept for the next request, in milliseconds. @default 4000 */
  readonly keepAliveMs?: number;
  /** Connections to one origin. More requests wait, within their deadline. @default 64 */
  readonly maxSockets?: number;
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
}

export type SendResult =
  | ({ readonly kind: 'answered'; readonly durationMs: number } & EndpointAnswer)
  | {
      readonly kind: 'failed';
      readonly errorClass: FailureClass;
      /** Names the host; never a path, a query, a header value or a body. */
      readonly message: string;
      readonly durationMs: number;
    };

/**
 * Sends webhooks: POSTs over kept connections, only to targets that the policy allows.
 *
 * A request is repeated once, on a new connection, only when a kept connection was found dead before the
 * first byte of an answer; the receiver may then see it twice, with the same `webhook-id`.
 */
export function createSender(options: SenderOptions) {
  const { policy, keepAliveMs = 4000, maxSockets = 64, ca, now = Date.now } = options;
  const shared = {
    lookup: guardedLookup(options.lookup ?? dnsResolver(), policy),
    // One of several addresses may be dead. The default of 250 ms is too short for receivers that are far away.
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 3000,
    // A proxy would resolve names and connect by itself, without our checks.
    proxyEnv: {},
    maxSockets,
  };
  const trust = { rejectUnauthorized: true, ca };
  const kept = { ...shared, keepAlive: true, timeout: keepAliveMs };
  const agents = {
    kept: { 'http:': new PlainAgent(kept), 'https:': new SecureAgent({ ...kept, ...trust }) },
    fresh: { 'http:': new PlainAgent(shared), 'https:': new SecureAgent({ ...shared, ...trust }) },
  };
  let lastUsed = now();

  /** Timers stop while a function is frozen, so connections may have outlived their time. */
  function dropOutlived(): void {
    if (now() - lastUsed > keepAliveMs) {
      for (const agent of Object.values(agents.kept)) {
        for (const socket of Object.values(agent.freeSockets).flatMap((sockets) => sockets ?? [])) {
          socket.destroy();
        }
      }
    }
    lastUsed = now();
  }

  async function post(message: HttpMessage, deadline: AbortSignal): Promise<Exchanged> {
    const protocol = message.url.protocol === 'https:' ? 'https:' : 'http:';
    const first = await exchange(message, agents.kept[protocol], policy, deadline);
    return first.kind === 'failed' && first.staleConnection
      ? exchange(message, agents.fresh[protocol], policy, deadline)
      : first;
  }

  /** POSTs once. It never throws because of the receiver and never follows a redirect. */
  async function send(request: SendRequest): Promise<SendResult> {
    const startedAt = now();
    const duration = () => Math.max(0, Math.round(now() - startedAt));
    const target = checkTargetUrl(request.url, policy);
    if (!target.ok) {
      return {
        kind: 'failed',
        errorClass: 'forbidden_target',
        message: target.message,
        durationMs: duration(),
      };
    }
    dropOutlived();
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), Math.max(0, request.deadlineMs));
    if (request.deadlineMs <= 0) {
      timer.abort();
    }
    const deadline =
      request.signal === undefined ? timer.signal : AbortSignal.any([timer.signal, request.signal]);
    const message = { url: target.url, headers: request.headers, body: request.body };
    const outcome = await post(message, deadline).finally(() => clearTimeout(timeout));
    lastUsed = now();
    if (outcome.kind === 'answered') {
      return { ...outcome, durationMs: duration() };
    }
    const { errorClass, message: reason } = outcome;
    return { kind: 'failed', errorClass, message: reason, durationMs: duration() };
  }

  /** Closes every connection, those in use too. */
  function close(): void {
    for (const agent of [...Object.values(agents.kept), ...Object.values(agents.fresh)]) {
      agent.destroy();
    }
  }

  return { send, close };
}
