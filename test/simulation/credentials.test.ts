import { describe, expect, it } from 'vitest';
import { CredentialsUnavailable } from '#core/encryption/errors.ts';
import { OneDelivery } from './one-delivery.ts';
import { hour, start } from './plant/plant.ts';
import { answered as answer } from './plant/receivers.ts';

const outage = new CredentialsUnavailable('KMS did not unwrap the data key of application acme');

/** No function can read credentials from `from` until `until`, milliseconds after the start. */
function duringOutage(delivery: OneDelivery, from: number, until: number): void {
  const { plant } = delivery;
  plant.faults = ({ by, name }) => {
    const since = plant.now - start;
    return by === 'deliver' && name === 'reader.load' && since >= from && since < until
      ? { throws: outage }
      : undefined;
  };
}

describe('while credentials cannot be read', () => {
  it.each([1, 6, 48])(
    'for %d hours, a delivery waits without an attempt, and then succeeds',
    async (hours) => {
      const delivery = new OneDelivery({ retryConfig: { maxAttempts: 1 }, receiver: () => answer(200) });
      duringOutage(delivery, 0, hours * hour);
      await delivery.run();

      expect(delivery.item?.state).toMatchObject({ status: 'succeeded' });
      expect(delivery.requests).toHaveLength(1);
      expect(delivery.item?.attempts).toHaveLength(1);
      expect(delivery.deadLetters).toEqual([]);
    },
  );

  it('between two attempts, the attempts keep their numbers', async () => {
    const delivery = new OneDelivery({
      retryConfig: { maxAttempts: 2, strategy: 'fixed', baseDelay: 1_000, jitter: false },
      receiver: (number) => answer(number === 1 ? 500 : 200),
    });
    duringOutage(delivery, 500, 12 * hour);
    await delivery.run();

    expect(delivery.item?.state).toMatchObject({ status: 'succeeded' });
    expect(delivery.requests.map(({ headers }) => headers['X-Hook0-Attempt'])).toEqual(['1', '2']);
    expect(delivery.deadLetters).toEqual([]);
  });

  it('few messages are spent on a long outage', async () => {
    const delivery = new OneDelivery({ retryConfig: { maxAttempts: 1 }, receiver: () => answer(200) });
    duringOutage(delivery, 0, 48 * hour);
    await delivery.run();

    const wakes = delivery.plant.queues.sent.filter(({ queue }) => queue === 'retry');
    expect(wakes.length).toBeGreaterThan(48);
    expect(wakes.length).toBeLessThan(48 * 10);
  });
});
