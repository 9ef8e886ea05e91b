import { type Receiver, startReceiver } from '#demo/receiver.ts';
import { type Api, createApi } from '#test/support/api.ts';
import { percentile } from './percentile.ts';

export interface IsolationOptions {
  /** Where the API is, and a token for all. */
  readonly url: string;
  readonly token: string;
  /** Deliveries of the endpoint that is not well, all at once. */
  readonly flood: number;
  /** What it does: answers after so many milliseconds with this status. */
  readonly answer: { readonly after: number; readonly status: number };
  /** Milliseconds of each of the two phases. */
  readonly phase: number;
}

export interface IsolationResult {
  /** 99th percentiles of milliseconds from the post to the request, of well endpoints. */
  readonly quiet: number;
  /** While the flood comes in, and until `settled` milliseconds after its first post. */
  readonly first: number;
  readonly settled: number;
  /** After that. */
  readonly flooded: number;
  /** Requests that the endpoint got, and how many by the time `settled`. */
  readonly requests: number;
  readonly requestsSettled: number;
  readonly postedFlood: number;
}

/** What the promise allows: twice the quiet value, or a second more. */
export const allowedDelay = ({ quiet }: Pick<IsolationResult, 'quiet'>): number =>
  Math.max(2 * quiet, quiet + 1_000);

const wellEndpoints = 100;
const eventsPerSecond = 20;
const perBatch = 100;

/**
 * Posts 20 events a second to 100 well endpoints, and after a quiet phase a flood to one that is not well.
 *
 * A delivery's delay counts from before its post to its arrival at the receiver.
 */
export async function measureIsolation(options: IsolationOptions): Promise<IsolationResult> {
  const api = createApi(options.url, options.token);
  const well = await startReceiver(() => ({ status: 200 }));
  const ill = await startReceiver(() => ({ status: options.answer.status, after: options.answer.after }));
  try {
    return await measure(options, api, well, ill);
  } finally {
    await Promise.all([well.stop(), ill.stop()]);
  }
}

async function measure(
  { flood, phase }: IsolationOptions,
  api: Api,
  well: Receiver,
  ill: Receiver,
): Promise<IsolationResult> {
  for (let n = 0; n < wellEndpoints; n += 1)
    await api.expect(201, 'POST', '/api/endpoints', {
      ...{ name: 'well', url: well.url, events: [`well.n${n}`] },
    });
  await api.expect(201, 'POST', '/api/endpoints', { name: 'ill', url: ill.url, events: ['ill.one'] });

  const posts = new Map<string, number>();
  const posting: Promise<void>[] = [];
  const postWell = async (n: number): Promise<void> => {
    const at = Date.now();
    const type = `well.n${n % wellEndpoints}`;
    // As producers do: what met trouble is posted again, and its delay still counts from the first post.
    for (let again = 0; ; again += 1) {
      const answer = await api.call('POST', '/api/events', { type, payload: { n } });
      if (answer.status >= 500 && again < 3) continue;
      if (answer.status !== 202) throw new Error(`posting ${type}: received ${answer.status} ${answer.text}`);
      posts.set(String(JSON.parse(answer.text).eventId), at);
      return;
    }
  };
  let posted = 0;
  const steady = setInterval(() => {
    posting.push(postWell(posted));
    posted += 1;
  }, 1_000 / eventsPerSecond);
  try {
    // The first events of a run find functions that have yet to start.
    await sleep(phase / 2);
    const quietFrom = Date.now();
    await sleep(phase);
    const floodFrom = Date.now();
    await postFlood(api, flood);
    const postedFlood = Date.now() - floodFrom;
    await sleep(firstSeconds);
    const settledFrom = Date.now();
    const requestsSettled = ill.requests.length;
    await sleep(phase);
    const end = Date.now();
    clearInterval(steady);
    await Promise.all(posting);
    await well.until(() => allArrived(posts, well), 120_000);
    const arrivals = arrivalsOf(well);
    const between = (from: number, to: number): number =>
      percentile(
        [...posts]
          .filter(([, at]) => at >= from && at < to)
          .map(([eventId, at]) => (arrivals.get(eventId) ?? Number.POSITIVE_INFINITY) - at),
        0.99,
      );
    return {
      quiet: between(quietFrom, floodFrom),
      first: between(floodFrom, settledFrom),
      settled: settledFrom - floodFrom,
      flooded: between(settledFrom, end),
      requests: ill.requests.length,
      requestsSettled,
      postedFlood,
    };
  } finally {
    clearInterval(steady);
    // When a measurement is given up, no posts remain that would fail because the stack is gone.
    await Promise.allSettled(posting);
  }
}

/** What the endpoint that gets the flood may do. */
export const misbehaviours = {
  hangs: { after: 30_000, status: 200 },
  fails: { after: 0, status: 500 },
  /** It is well, but so many at a time keep all places of its queue taken for long. */
  floods: { after: 700, status: 200 },
} as const;

/** What the promise calls the first seconds, after the last of the flood was posted. */
const firstSeconds = 6_000;

async function postFlood(api: Api, size: number): Promise<void> {
  for (let left = size; left > 0; left -= perBatch) {
    const events = Array.from({ length: Math.min(perBatch, left) }, (_, n) => ({
      type: 'ill.one',
      payload: { n },
    }));
    await api.expect(202, 'POST', '/api/events/batch', { events });
  }
}

/** When each event first reached a receiver, by its id; epoch milliseconds. */
export function arrivalsOf(receiver: Receiver): Map<string, number> {
  const arrivals = new Map<string, number>();
  for (const { headers, at } of receiver.requests) {
    const id = String(headers['webhook-id']);
    if (!arrivals.has(id)) arrivals.set(id, at);
  }
  return arrivals;
}

/** Whether each of these events reached it. */
export const allArrived = (posts: ReadonlyMap<string, number>, receiver: Receiver): boolean => {
  if (receiver.requests.length < posts.size) return false;
  const arrivals = arrivalsOf(receiver);
  return [...posts.keys()].every((id) => arrivals.has(id));
};

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
