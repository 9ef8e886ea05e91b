import type { Socket } from 'node:net';
import { hostOf } from '#core/outbound/target-url.ts';
import { AnswerReader, type EndpointAnswer, type Reading } from './answer-reader.ts';
import { connectionClosed, deadlinePassed, type Failure, failureOf, type Phase } from './failure.ts';
import { type HttpMessage, requestHead } from './request-head.ts';

export type Exchanged = {
  /** Bytes that came from the receiver. */
  readonly bytesRead: number;
} & (
  | { readonly kind: 'answered'; readonly answer: EndpointAnswer }
  | {
      readonly kind: 'failed';
      readonly failure: Failure;
      /** Nothing shows that the receiver got the request: no byte came that begins an answer. */
      readonly isUnanswered: boolean;
    }
);

export interface ExchangeOptions {
  readonly deadline: AbortSignal;
  /** Called when the whole request has been handed to the operating system. */
  readonly onSent: () => void;
  /** Gets the connection after an answer, with the milliseconds for which it may be kept. */
  readonly keep: (socket: Socket, reusableFor: number) => void;
}

/**
 * One POST over one connection that is open. It always resolves, at the latest when the deadline aborts, and either gives
 * the connection to `keep` or closes it. Redirects are answers like any other.
 */
export function exchange(
  message: HttpMessage,
  socket: Socket,
  { deadline, onSent, keep }: ExchangeOptions,
): Promise<Exchanged> {
  const host = hostOf(message.url);
  const reader = new AnswerReader();
  const phase = (): Phase => (reader.hasStatus ? 'reading the answer' : 'waiting for an answer');
  return new Promise((resolve) => {
    let isSent = false;

    const settle = (exchanged: Exchanged, reusableFor: number) => {
      deadline.removeEventListener('abort', onDeadline);
      socket.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      // An answer before the whole request was sent leaves a connection that cannot be used again.
      if (isSent && reusableFor > 0) keep(socket, reusableFor);
      else socket.destroy();
      resolve(exchanged);
    };
    const fail = (failure: Failure) => {
      const { bytesRead, hasBegun } = reader;
      settle({ kind: 'failed', failure, bytesRead, isUnanswered: !hasBegun }, 0);
    };
    const follow = (reading: Reading) => {
      switch (reading.kind) {
        case 'more':
          return;
        case 'answered':
          return settle(
            { kind: 'answered', answer: reading.answer, bytesRead: reader.bytesRead },
            reading.reusableFor,
          );
        case 'broken':
          return fail(connectionClosed(host, phase()));
        case 'invalid':
          return fail({ errorClass: 'protocol', message: `${host}: not an HTTP answer: ${reading.reason}` });
      }
    };
    const onData = (chunk: Buffer) => follow(reader.push(chunk));
    const onEnd = () => follow(reader.end());
    const onError = (error: Error) => fail(failureOf(error, phase(), host));
    const onClose = () => fail(connectionClosed(host, phase()));
    const onDeadline = () => fail(deadlinePassed(host, phase()));

    if (deadline.aborted) return onDeadline();
    socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
    deadline.addEventListener('abort', onDeadline);
    try {
      socket.cork();
      socket.write(requestHead(message));
      socket.write(message.body, (error) => {
        if (error) return;
        isSent = true;
        onSent();
      });
      socket.uncork();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      fail({ errorClass: 'protocol', message: `${host}: cannot be sent: ${reason}` });
    }
  });
}
