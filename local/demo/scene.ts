import type { Api } from './api.ts';
import { type Receiver, startReceiver } from './receiver.ts';

/** One row of the demo's table. */
export interface Outcome {
  readonly expected: string;
  readonly happened: string;
}

export interface Scene {
  readonly title: string;
  play(api: Api): Promise<Outcome>;
}

export const event = (type: string, payload: unknown) => ({ type, source: 'demo', payload });

export async function endpoint(
  api: Api,
  url: string,
  name: string,
  rest: Readonly<Record<string, unknown>>,
): Promise<string> {
  return String((await api.expect(201, 'POST', '/api/endpoints', { name, url, ...rest })).id);
}

type Answering = Parameters<typeof startReceiver>[0];

/** A receiver for the time of one scene. */
export async function withReceiver<T>(
  answer: Answering,
  work: (receiver: Receiver) => Promise<T>,
): Promise<T> {
  const receiver = await startReceiver(answer);
  try {
    return await work(receiver);
  } finally {
    await receiver.stop();
  }
}

/** A delivery with one of these has come to its end. */
export const finalStatuses = ['succeeded', 'dead', 'cancelled'];
