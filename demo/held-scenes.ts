import {
  createEndpoint,
  deliveriesOnce,
  finalStatusesOf,
  post,
  readUntil,
  type Scene,
  withReceiver,
} from './scene.ts';

export const circuit: Scene = {
  title: 'a dead endpoint opens its circuit, recovers by one probe and drains',
  play: (client) => {
    let isWell = false;
    return withReceiver(
      () => ({ status: isWell ? 200 : 503 }),
      async (receiver) => {
        const type = 'demo.circuit';
        const id = await createEndpoint(client, receiver, type, {
          retryConfig: { maxAttempts: 10, strategy: 'fixed', baseDelay: 500 },
          circuitBreaker: { threshold: 3, timeout: 3000 },
        });
        const becomes = async (wanted: string) => {
          const { state } = await readUntil(
            () => client.endpoints.circuit(id),
            (read) => read.state === wanted,
          );
          return state;
        };
        const ids: string[] = [];
        for (let n = 0; n < 3; n += 1) ids.push(await post(client, type));
        const opened = await becomes('open');
        for (let n = 3; n < 25; n += 1) ids.push(await post(client, type));
        const deliveries = await deliveriesOnce(client, ids, ({ heldFor }) => heldFor === 'circuit');
        const held = deliveries.filter(({ heldFor }) => heldFor === 'circuit').length;
        isWell = true;
        const answeredBefore = receiver.requests.length;
        const closed = await becomes('closed');
        const statuses = await finalStatusesOf(client, ids);
        const requests = receiver.requests.length - answeredBefore;
        return {
          expected: 'open, 25 held, closed; 25 requests for 25 deliveries: succeeded',
          happened: `${opened}, ${held} held, ${closed}; ${requests} requests for ${ids.length} deliveries: ${statuses}`,
        };
      },
    );
  },
};

export const paused: Scene = {
  title: 'a paused endpoint gets nothing until it is resumed',
  play: (client) =>
    withReceiver(
      () => ({ status: 200 }),
      async (receiver) => {
        const type = 'demo.paused';
        const id = await createEndpoint(client, receiver, type);
        await client.endpoints.pause(id);
        const ids: string[] = [];
        for (let n = 0; n < 5; n += 1) ids.push(await post(client, type));
        await deliveriesOnce(client, ids, ({ heldFor }) => heldFor === 'paused');
        const before = receiver.requests.length;
        await client.endpoints.resume(id);
        const statuses = await finalStatusesOf(client, ids);
        return {
          expected: '0 requests while paused, then 5: succeeded',
          happened: `${before} requests while paused, then ${receiver.requests.length}: ${statuses}`,
        };
      },
    ),
};
