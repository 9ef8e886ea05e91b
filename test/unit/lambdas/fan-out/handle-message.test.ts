import { describe, expect, it } from 'vitest';
import { encodeMessage } from '#core/message/codec.ts';
import { type FanOutPorts, handleMessage } from '#lambdas/fan-out/handle-message.ts';
import type { Progress } from '#lambdas/fan-out/progress.ts';
import { eventOf, noon } from '#test/support/deliveries.ts';
import { receivedOf } from '#test/support/received.ts';

const event = eventOf({ endpointCount: 60 });
const message = { v: 1, kind: 'fan-out', applicationId: 'default', eventId: event.id, segment: 0 } as const;
const unexpected = (): never => {
  throw new Error('not expected to be called');
};

/** A segment of three endpoints, and what was done with it. */
function segment(progress?: Progress) {
  const postponed: number[] = [];
  const queued: string[] = [];
  const sentAgain: [string, number][] = [];
  const ports: FanOutPorts = {
    now: () => noon,
    event: async () => event,
    segment: async () => ['a', 'b', 'c'].map((endpointId) => ({ endpointId, priority: 'normal' })),
    progress: { get: async () => progress, store: async () => true },
    within: (_, work) => work(),
    hold: unexpected,
    queue: async (_, messages) => {
      queued.push(...messages.map(({ body }) => body.endpointId));
      return [];
    },
    postpone: async (_, delay) => void postponed.push(delay),
    sendAgain: async ({ body }, delay) => void sentAgain.push([body, delay]),
    deliveries: { get: unexpected, store: unexpected },
    wake: unexpected,
    attention: { watched: unexpected, takeStep: unexpected },
    endpoint: unexpected,
    held: unexpected,
    queueStep: unexpected,
  };
  return { ports, postponed, queued, sentAgain };
}

describe('a message of the fan-out queue', () => {
  it('is done when its deliveries are queued', async () => {
    const { ports, queued } = segment();
    expect(await handleMessage(receivedOf(encodeMessage(message)), ports)).toBe('done');
    expect(queued).toEqual(['a', 'b', 'c']);
  });

  it('does nothing when all deliveries are queued already', async () => {
    const { ports, queued } = segment({ done: 3, begun: 3, until: 0, revision: 2 });
    expect(await handleMessage(receivedOf(encodeMessage(message)), ports)).toBe('done');
    expect(queued).toEqual([]);
  });

  it('comes again when another function that works on its segment has ended or crashed', async () => {
    const { ports, postponed, queued } = segment({ done: 0, begun: 3, until: noon + 9_000, revision: 1 });
    expect(await handleMessage(receivedOf(encodeMessage(message)), ports)).toBe('keep');
    expect(postponed).toEqual([9_000]);
    expect(queued).toEqual([]);
  });

  it('comes again when another function was faster', async () => {
    const { ports, postponed, queued } = segment();
    const overtaken = { ...ports, progress: { ...ports.progress, store: async () => false } };
    expect(await handleMessage(receivedOf(encodeMessage(message)), overtaken)).toBe('keep');
    expect(postponed).toEqual([16_000]);
    expect(queued).toEqual([]);
  });

  it('of a later release is sent again', async () => {
    const { ports, sentAgain } = segment();
    const body = JSON.stringify({ ...message, v: 2 });
    expect(await handleMessage(receivedOf(body), ports)).toBe('done');
    expect(sentAgain).toEqual([[body, 300_000]]);
  });

  it.each([
    ['{', 'not JSON'],
    [JSON.stringify({ v: 1, kind: 'task', taskId: 't', step: 1 }), 'received task'],
  ])('that is neither a segment nor a drain is refused: %s', async (body, why) => {
    await expect(handleMessage(receivedOf(body), segment().ports)).rejects.toThrow(why);
  });

  it('of a segment that does not exist is refused', async () => {
    const { ports } = segment();
    const gone = { ...ports, segment: async () => undefined };
    await expect(handleMessage(receivedOf(encodeMessage(message)), gone)).rejects.toThrow(
      `segment 0 of event ${event.id} has no endpoints`,
    );
  });
});
