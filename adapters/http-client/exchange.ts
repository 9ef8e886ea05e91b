import { type Agent, type ClientRequest, request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Socket } from 'node:net';
import { hostOf, refusedAddress, type TargetPolicy } from '#core/outbound/target-url.ts';
import { type EndpointAnswer, readAnswer } from './answer.ts';
import { type Failure, failureOf, type Phase } from './failure.ts';
import { LookupError } from './guarded-lookup.ts';

export interface HttpMessage {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Exchanged =
  | ({ readonly kind: 'answered' } & EndpointAnswer)
  | ({
      readonly kind: 'failed';
      /** A kept connection was dead before the first byte of an answer, so a new connection may succeed. */
      readonly staleConnection: boolean;
    } & Failure);

/** Headers that frame the message or name its receiver. Only this file sets them. */
const framing = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'expect',
  'upgrade',
  'te',
]);

/**
 * One POST over one connection of an agent. It always resolves, at the latest when the signal aborts, and leaves no
 * connection in use. Redirects are answers like any other; node:http skips 1xx.
 */
export function exchange(
  message: HttpMessage,
  agent: Agent,
  policy: TargetPolicy,
  deadline: AbortSignal,
): Promise<Exchanged> {
  const host = hostOf(message.url);
  return new Promise<Exchanged>((resolve) => {
    let phase: Phase = 'resolving';
    let bytesBefore = 0;
    let settled = false;
    if (deadline.aborted) {
      const passed = `${host}: the deadline passed before the request`;
      resolve({ kind: 'failed', staleConnection: false, errorClass: 'timeout', message: passed });
      return;
    }
    const request = open(message, agent);

    const settle = (outcome: Exchanged) => {
      settled = true;
      deadline.removeEventListener('abort', onDeadline);
      resolve(outcome);
    };
    const fail = (failure: Failure, staleConnection = false) => {
      if (!settled) {
        settle({ kind: 'failed', staleConnection, ...failure });
        request.destroy();
      }
    };
    const onDeadline = () =>
      fail({ errorClass: 'timeout', message: `${host}: the deadline passed while ${phase}` });
    const onError = (error: Error) => {
      const failure = failureOf(error, phase, host);
      const silent = (request.socket?.bytesRead ?? 0) === bytesBefore;
      fail(failure, failure.errorClass === 'reset' && request.reusedSocket && silent);
    };

    request.on('socket', (socket) => {
      bytesBefore = socket.bytesRead;
      followConnection(socket, message.url.protocol === 'https:', (next) => {
        phase = next;
        if (next !== 'connecting') {
          refuseForbiddenPeer(socket, policy, host);
        }
      });
    });
    request.on('response', (response) => {
      phase = 'reading the answer';
      response.on('error', onError);
      readAnswer(response, (answer) => {
        settle({ kind: 'answered', ...answer });
        // An answer before the whole request was sent leaves a connection that cannot be used again.
        if (!request.writableFinished) {
          request.destroy();
        }
      });
    });
    request.on('upgrade', (_response, socket) => {
      fail({ errorClass: 'protocol', message: `${host}: switched protocols unasked` });
      socket.destroy();
    });
    request.on('error', onError);
    // A connection can close without an error.
    request.on('close', () =>
      fail({ errorClass: 'reset', message: `${host}: the connection was closed while ${phase}` }),
    );
    deadline.addEventListener('abort', onDeadline);
    request.end(message.body);
  }).catch((error: Error): Exchanged => {
    // node:http throws for headers that it cannot write. Its messages name the header, not the value.
    const failure: Failure = { errorClass: 'protocol', message: `${host}: cannot be sent: ${error.message}` };
    return { kind: 'failed', staleConnection: false, ...failure };
  });
}

function open({ url, headers, body }: HttpMessage, agent: Agent): ClientRequest {
  const theirs = Object.entries(headers).filter(([name]) => !framing.has(name.toLowerCase()));
  const options = {
    method: 'POST',
    host: hostOf(url),
    port: url.port,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, ...Object.fromEntries(theirs), 'content-length': body.length },
    agent,
  };
  return url.protocol === 'https:' ? secureRequest(options) : plainRequest(options);
}

/** Reports the phase of a connection: at once for a kept one, else as it is made. */
function followConnection(socket: Socket, secure: boolean, report: (phase: Phase) => void): void {
  if (!socket.connecting) {
    report('waiting for an answer');
    return;
  }
  socket.once('lookup', () => report('connecting'));
  socket.once('connect', () => report(secure ? 'negotiating TLS' : 'waiting for an answer'));
  if (secure) {
    socket.once('secureConnect', () => report('waiting for an answer'));
  }
}

/**
 * The lookup returns only accepted addresses. This checks the address that the socket is really connected to, also of a
 * kept connection, before anything of the message is written.
 */
function refuseForbiddenPeer(socket: Socket, policy: TargetPolicy, host: string): void {
  const peer = socket.remoteAddress;
  const reason = peer === undefined ? undefined : refusedAddress(peer, policy);
  if (reason !== undefined) {
    const message = `${host} is connected to ${reason}; webhooks go to public addresses only`;
    socket.destroy(new LookupError('forbidden_target', message));
  }
}
