import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditableTemplate } from '../../local/stack.ts';
import { waitFor } from '../support/wait.ts';
import { startWideApplication, type WideApplication } from '../support/wide-application.ts';

const wide = 10_000;
const setUpWithin = 240_000;

/** Changes the properties of the resources whose logical ids begin like this. */
const changing =
  (changes: Readonly<Record<string, Readonly<Record<string, unknown>>>>) =>
  ({ Resources }: EditableTemplate): void => {
    for (const [prefix, properties] of Object.entries(changes)) {
      const found = Object.entries(Resources).filter(([id]) => id.startsWith(prefix));
      expect(found).toHaveLength(1);
      for (const [, resource] of found)
        Object.assign((resource as { Properties: object }).Properties, properties);
    }
  };

const moreThanOnce = (arrivals: ReadonlyMap<string, number>) =>
  [...arrivals.values()].filter((count) => count !== 1);

describe('taking an event for 10,000 endpoints', () => {
  let application: WideApplication;
  beforeAll(async () => {
    // Nobody fans out, so that no deliveries compete with what is measured.
    const mutateTemplate = changing({ Hook0FanOutMessages: { Enabled: false } });
    application = await startWideApplication(wide, { mutateTemplate });
  }, setUpWithin);
  afterAll(() => application?.stop());

  it('takes no longer than three times an event for one', async () => {
    const { post } = application;
    expect((await post('one.happened')).webhookCount).toBe(1);
    expect((await post('all.happened')).webhookCount).toBe(wide);
    const one: number[] = [];
    const all: number[] = [];
    // Side by side, so that a machine that is busy for a while is busy for both.
    for (let round = 0; round < 25; round += 1) {
      one.push((await post('one.happened')).took);
      all.push((await post('all.happened')).took);
    }
    const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[12] ?? Number.NaN;
    const times = `${one.map(Math.round)} ms for one, ${all.map(Math.round)} ms for all`;
    expect(median(all) / median(one), times).toBeLessThan(3);
  });
});

describe('an event for 10,000 endpoints', () => {
  let application: WideApplication;
  beforeAll(async () => {
    application = await startWideApplication(wide, { tick: 1 });
  }, setUpWithin);
  afterAll(() => application?.stop());

  it('is delivered to each of them once', async () => {
    const { eventId, webhookCount } = await application.post('all.happened');
    expect(webhookCount).toBe(wide);
    const arrivals = () => application.arrivals(eventId);
    await waitFor('all deliveries', async () => arrivals().size === wide, 280_000);
    expect(moreThanOnce(arrivals())).toEqual([]);
  }, 300_000);
});

describe('a fan-out that crashes in the middle', () => {
  const endpoints = 250;
  const functionTimeout = 10;
  let application: WideApplication;
  beforeAll(async () => {
    // A crash is noticed after the function's time, and its message comes again: here within seconds.
    const mutateTemplate = changing({
      Hook0FanOutFunction: { Timeout: functionTimeout },
      Hook0FanOutQueue: { VisibilityTimeout: functionTimeout + 2 },
    });
    // What the hanging queue did not confirm is held, and the scheduler releases it.
    application = await startWideApplication(endpoints, { mutateTemplate, tick: 1 });
  }, setUpWithin);
  afterAll(() => application?.stop());

  it('reaches every endpoint, each once', async () => {
    const { stack, post } = application;
    let sends = 0;
    const fault = stack.proxy.faults.add({
      // After 150 deliveries every call hangs, until the function's time is over.
      match: ({ principal, action }) => {
        if (!principal.startsWith('Hook0FanOut')) return false;
        sends += action === 'SendMessageBatch' ? 1 : 0;
        return sends > 15 && (action === 'SendMessageBatch' || action === 'PutItem');
      },
      kind: 'timeout',
    });
    const { eventId, webhookCount } = await post('all.happened');
    expect(webhookCount).toBe(endpoints);
    const arrivals = () => application.arrivals(eventId);
    const crashed = async () => stack.logs().some(({ text }) => text.includes('Invoke Error'));
    await waitFor('the crash', crashed, 60_000);
    fault.remove();
    const before = arrivals().size;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(endpoints);
    await waitFor('all deliveries', async () => arrivals().size === endpoints, 120_000);
    expect(moreThanOnce(arrivals())).toEqual([]);
  }, 240_000);
});
