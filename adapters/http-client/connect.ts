import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecure, type TLSSocket } from 'node:tls';
import { RecentMap } from '#core/concurrency/cache.ts';
import { hostOf, refusedAddress, type TargetPolicy } from '#core/outbound/target-url.ts';
import { deadlinePassed, type Failure, failureOf, type Phase } from './failure.ts';
import { LookupError } from './guarded-lookup.ts';

export interface ConnectOptions {
  readonly policy: TargetPolicy;
  readonly lookup: LookupFunction;
  /** PEM of certificate authorities to trust instead of the well-known ones. */
  readonly ca: string | undefined;
}

type Connected = { readonly socket: Socket } | { readonly failure: Failure };

export interface Connections {
  /** Opens a connection to the target of a URL; for https it is ready when the TLS handshake is done. It never rejects. */
  connect(url: URL, deadline: AbortSignal): Promise<Connected>;
  /** Closes every connection, those in use too. */
  close(): void;
}

// A session saves the second and later handshakes a key exchange.
const sessionsKept = 100;

export function createConnections({ policy, lookup, ca }: ConnectOptions): Connections {
  const sessions = new RecentMap<string, Buffer>(sessionsKept);
  const sockets = new Set<Socket>();

  function open(url: URL): Socket {
    const secure = url.protocol === 'https:';
    const host = hostOf(url);
    const target = {
      host,
      port: Number(url.port === '' ? (secure ? 443 : 80) : url.port),
      lookup,
      // One of several addresses may be dead. The default of 250 ms is too short for receivers that are far away.
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: 3000,
      noDelay: true,
    };
    if (!secure) return connectPlain(target);
    const session = sessions.get(url.origin);
    const socket = connectSecure({
      ...target,
      rejectUnauthorized: true,
      ...(ca === undefined ? {} : { ca }),
      // RFC 6066 section 3 allows names only.
      servername: isIP(host) === 0 ? host : '',
      ALPNProtocols: ['http/1.1'],
      ...(session === undefined ? {} : { session }),
    });
    keepSession(socket, url.origin);
    return socket;
  }

  /**
   * Keeps the session once the certificate is accepted, and not before: a resumed session is not checked against the name
   * again. TLS 1.2 makes its session before that, TLS 1.3 after it.
   */
  function keepSession(socket: TLSSocket, origin: string): void {
    let latest: Buffer | undefined;
    let isAccepted = false;
    const keep = () => {
      if (isAccepted && latest !== undefined) sessions.set(origin, latest);
    };
    socket.on('session', (session) => {
      latest = session;
      keep();
    });
    socket.once('secureConnect', () => {
      isAccepted = true;
      keep();
    });
    socket.on('close', (hadError) => {
      if (hadError) sessions.delete(origin);
    });
  }

  function connect(url: URL, deadline: AbortSignal): Promise<Connected> {
    const host = hostOf(url);
    let phase: Phase = isIP(host) === 0 ? 'resolving' : 'connecting';
    if (deadline.aborted) return Promise.resolve({ failure: deadlinePassed(host, phase) });
    return new Promise((resolve) => {
      const socket = open(url);
      sockets.add(socket);
      const settle = (connected: Connected) => {
        deadline.removeEventListener('abort', onDeadline);
        if ('failure' in connected) socket.destroy();
        resolve(connected);
      };
      const onDeadline = () => settle({ failure: deadlinePassed(host, phase) });
      // These two stay, because an error without a listener ends the process. Once connected, they change nothing.
      socket.on('error', (error) => settle({ failure: failureOf(error, phase, host) }));
      socket.on('close', () => {
        sockets.delete(socket);
        settle({ failure: failureOf(new Error('closed'), phase, host) });
      });
      socket.once('lookup', () => {
        phase = 'connecting';
      });
      socket.once('connect', () => {
        const refused = refusedPeer(socket, host, policy);
        if (refused !== undefined) settle({ failure: refused });
        else if (url.protocol === 'https:') phase = 'negotiating TLS';
        else settle({ socket });
      });
      socket.once('secureConnect', () => settle({ socket }));
      deadline.addEventListener('abort', onDeadline);
    });
  }

  function close(): void {
    for (const socket of sockets) socket.destroy();
  }

  return { connect, close };
}

/**
 * The lookup returns only accepted addresses. This checks the address that a socket is really connected to, also of a kept
 * connection, before anything of the message is written.
 */
export function refusedPeer(socket: Socket, host: string, policy: TargetPolicy): Failure | undefined {
  const peer = socket.remoteAddress;
  const reason = peer === undefined ? undefined : refusedAddress(peer, policy);
  if (reason === undefined) return undefined;
  const message = `${host} is connected to ${reason}; webhooks go to public addresses only`;
  return failureOf(new LookupError('forbidden_target', message), 'connecting', host);
}
