import type { FailureClass } from '#core/attempt/outcome.ts';
import { LookupError } from './guarded-lookup.ts';

/** The step at which an exchange was. */
export type Phase =
  | 'resolving'
  | 'connecting'
  | 'negotiating TLS'
  | 'waiting for an answer'
  | 'reading the answer';

export interface Failure {
  readonly errorClass: FailureClass;
  /** Names the host and what went wrong; never a path, a query, a header value or a body. */
  readonly message: string;
}

const maxMessageLength = 300;

export const deadlinePassed = (host: string, phase: Phase): Failure => ({
  errorClass: 'timeout',
  message: `${host}: the deadline passed while ${phase}`,
});

export const connectionClosed = (host: string, phase: Phase): Failure => ({
  errorClass: 'reset',
  message: `${host}: the connection was closed while ${phase}`,
});

/** Classifies an error of a socket by the phase of the exchange. */
export function failureOf(error: Error, phase: Phase, host: string): Failure {
  if (error instanceof LookupError) {
    return { errorClass: error.errorClass, message: error.message };
  }
  const code = 'code' in error ? String(error.code) : '';
  const failed = (errorClass: FailureClass, what: string): Failure => ({
    errorClass,
    message: `${host}: ${what.replace(/\s+/g, ' ')}`.slice(0, maxMessageLength),
  });
  if (phase === 'resolving' || phase === 'connecting') {
    return failed('connect', `no connection (${connectCodes(error, code)})`);
  }
  // TLS 1.3 servers refuse a client after the handshake is done on our side.
  if (phase === 'negotiating TLS' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return failed('tls', `no TLS session: ${error.message}`);
  }
  if (code === 'ETIMEDOUT') {
    return failed('timeout', `the connection fell silent while ${phase}`);
  }
  const closed = connectionClosed(host, phase);
  return code === '' ? closed : { ...closed, message: `${closed.message} (${code})` };
}

/** When all addresses of a name failed, each has its own code. */
function connectCodes(error: Error, code: string): string {
  if (!(error instanceof AggregateError)) {
    return code === '' ? error.message : code;
  }
  return [...new Set(error.errors.map((each: { code?: unknown }) => String(each.code)))].join(', ');
}
