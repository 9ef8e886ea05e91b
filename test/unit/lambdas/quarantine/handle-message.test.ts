import { describe, expect, it } from 'vitest';
import type { Delivery } from '#core/delivery/delivery.ts';
import { encodeMessage } from '#core/message/codec.ts';
import type { DeadLetterMessage, FanOutMessage, Message } from '#core/message/message.ts';
import {
  handleQuarantined,
  type QuarantinePorts,
  type QuarantineReport,
} from '#lambdas/quarantine/handle-message.ts';
import { deliveryOf, idsAt, movedTo, noon } from '#test/support/deliveries.ts';

class Crash extends Error {}

function world(item?: Delivery, crashAt: (step: number) => boolean = () => false) {
  const state = { item, steps: 0, eventExists: true };
  const letters: DeadLetterMessage[] = [];
  const disabled: string[] = [];
  const segments: { readonly message: FanOutMessage; readonly delay: number }[] = [];
  const aside: string[] = [];
  const reports: QuarantineReport[] = [];
  const effect = <Result>(happen: () => Result): Result => {
    state.steps += 1;
    if (crashAt(state.steps)) throw new Crash();
    const result = happen();
    state.steps += 1;
    if (crashAt(state.steps)) throw new Crash();
    return result;
  };
  const ports: QuarantinePorts = {
    now: () => noon,
    deliveries: {
      get: async () => state.item,
      store: async (next) =>
        effect(() => {
          if ((state.item?.revision ?? 0) !== next.revision - 1) return { standing: state.item };
          state.item = next;
          return 'stored' as const;
        }),
    },
    deadLetter: async (message) => effect(() => void letters.push(message)),
    disable: async ({ endpointId }, reason, asOf) =>
      effect(() => void disabled.push(`${endpointId} ${reason} ${asOf}`)),
    eventExists: async () => state.eventExists,
    fanOut: async (message, delay) => effect(() => void segments.push({ message, delay })),
    setAside: async (body) => effect(() => void aside.push(body)),
    report: (done) => void reports.push(done),
  };
  const handle = (message: Message | string) =>
    handleQuarantined(typeof message === 'string' ? message : encodeMessage(message), ports);
  return { state, letters, disabled, segments, aside, reports, handle };
}

const unstored = deliveryOf({ createdAt: noon - 60_000 });
const spent = { ...unstored, quarantines: 3 };
const messageOf = ({ applicationId, endpointId, eventId, generation, priority }: Delivery): Message => ({
  ...{ v: 1, kind: 'delivery', first: false },
  ...{ applicationId, endpointId, eventId, generation, priority },
});

describe('a delivery message in quarantine', () => {
  it('holds a delivery without an item, which then has one, for the scheduler', async () => {
    const { state, letters, handle, reports } = world();
    expect(await handle(messageOf(unstored))).toBe('done');
    expect(state.item).toMatchObject({
      ...{ revision: 1, attemptCount: 0, quarantines: 1 },
      state: { status: 'held', heldFor: 'internal', since: noon, dueAt: noon + 15 * 60_000 },
    });
    expect([letters, reports]).toEqual([[], [expect.objectContaining({ what: 'held' })]]);
  });

  it.each([
    ['that waits in a queue', movedTo(spent, { status: 'queued', dueAt: noon - 5 })],
    [
      'claimed by a function that crashed',
      movedTo(spent, { status: 'attempting', claimId: 'c', until: noon }),
    ],
  ])('makes a delivery %s that was held three times a dead letter', async (_, item) => {
    const { state, letters, handle, reports } = world(item);
    expect(await handle(messageOf(unstored))).toBe('done');
    expect(state.item).toMatchObject({
      revision: item.revision + 1,
      attemptCount: 0,
      state: { status: 'dead', reason: 'internal', settledAt: noon },
    });
    expect(letters).toMatchObject([
      { kind: 'dead-letter', reason: 'internal', eventId: unstored.eventId, generation: 1 },
    ]);
    expect(reports).toMatchObject([{ what: 'dead' }]);
  });

  it('stays while the delivery is being attempted', async () => {
    const item = movedTo(unstored, { status: 'attempting', claimId: 'c', until: noon + 1 });
    const { handle, letters, reports } = world(item);
    expect(await handle(messageOf(unstored))).toBe('keep');
    expect([letters, reports]).toEqual([[], [expect.objectContaining({ what: 'waits' })]]);
  });

  it('goes when the delivery is settled', async () => {
    const { handle, letters, reports } = world(movedTo(unstored, { status: 'succeeded', settledAt: noon }));
    expect(await handle(messageOf(unstored))).toBe('done');
    expect([letters, reports]).toEqual([[], [expect.objectContaining({ what: 'settled' })]]);
  });

  it('still disables the endpoint that answered 410, as of then', async () => {
    const item = movedTo(unstored, { status: 'dead', settledAt: noon - 7, reason: 'gone' });
    const { disabled, letters, handle } = world(item);
    expect(await handle(messageOf(unstored))).toBe('done');
    expect(disabled).toEqual([`${unstored.endpointId} 410_gone ${noon - 7}`]);
    expect(letters).toMatchObject([{ reason: 'gone' }]);
  });

  it('is dead and has its dead letter in the end, whichever step crashes', async () => {
    for (let crash = 1; crash <= 4; crash += 1) {
      const item = movedTo(spent, { status: 'queued', dueAt: noon - 5 });
      const { state, letters, handle } = world(item, (step) => step === crash);
      await expect(handle(messageOf(unstored))).rejects.toThrow(Crash);
      expect(await handle(messageOf(unstored))).toBe('done');
      expect(state.item?.state.status).toBe('dead');
      expect(letters.length).toBeGreaterThan(0);
      expect(state.item?.revision).toBe(2);
    }
  });
});

describe('a segment in quarantine', () => {
  const segment: FanOutMessage = {
    ...{ v: 1, kind: 'fan-out', applicationId: 'default', eventId: idsAt(noon).event(), segment: 2 },
  };

  it('is sent again three times, and then set aside', async () => {
    const { handle, segments, aside, reports } = world();
    let message = segment;
    for (let again = 1; again <= 3; again += 1) {
      expect(await handle(message)).toBe('done');
      expect(segments.at(-1)).toEqual({ message: { ...segment, again }, delay: 15 * 60_000 });
      message = segments.at(-1)?.message ?? segment;
    }
    expect(await handle(message)).toBe('done');
    expect(segments).toHaveLength(3);
    expect(aside).toEqual([encodeMessage(message)]);
    expect(reports.map(({ what }) => what)).toEqual(['sent-again', 'sent-again', 'sent-again', 'set-aside']);
  });

  it('is dropped when its event was deleted', async () => {
    const { handle, segments, state } = world();
    state.eventExists = false;
    expect(await handle(segment)).toBe('done');
    expect(segments).toEqual([]);
  });
});

describe('any other message in quarantine', () => {
  it.each([
    'nonsense',
    '{"v":1,"kind":"other"}',
    encodeMessage({ ...messageOf(unstored), eventId: 'no id' } as Message),
    encodeMessage({ v: 1, kind: 'task', taskId: 'tsk_1', step: 0 }),
  ])('is set aside as it was: %s', async (body) => {
    const { handle, aside, reports } = world();
    expect(await handle(body)).toBe('done');
    expect(aside).toEqual([body]);
    expect(reports).toMatchObject([{ what: 'set-aside' }]);
  });

  it('is dropped when it is a step of a drain, which the scheduler starts again', async () => {
    const { aside, reports, handle } = world();
    const drain = { v: 1, kind: 'drain', applicationId: 'default', endpointId: 'ep_1', step: 2 } as const;
    expect(await handle(drain)).toBe('done');
    expect([aside, reports.map(({ what }) => what)]).toEqual([[], ['settled']]);
  });

  it('waits for the release that wrote it', async () => {
    const { handle, aside } = world();
    expect(await handle('{"v":2,"kind":"delivery"}')).toBe('keep');
    expect(aside).toEqual([]);
  });
});
