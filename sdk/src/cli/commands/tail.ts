import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { itemsOf } from '../../client/api.ts';
import type { Hook0Client } from '../../client/client.ts';
import type { Delivery, EventSummary } from '../../client/types.ts';
import type { Shell } from '../shell/shell.ts';
import { oneLine } from '../shell/style.ts';
import { deliveryLine } from '../views/deliveries.ts';
import { clock } from '../views/time.ts';
import { examples } from './limits.ts';

/** Milliseconds between two looks. */
const period = 1_000;
/** Events whose deliveries are not over. Older ones are given up, so that each look stays short. */
const mostFollowed = 100;
/** Milliseconds. An event may show in the list a moment after another one with a later time. */
const overlap = 10_000;

export function addTail(program: CommandUnknownOpts, shell: Shell): void {
  const command = program
    .command('tail')
    .summary('show deliveries as they happen')
    .description(
      'Shows each event from now on, and each change of its deliveries, until Ctrl-C. It asks the API once a second.',
    )
    .option('--type <type>', 'only events of this type')
    .option('--endpoint <id>', 'only deliveries to this endpoint')
    .action(async ({ type, endpoint }) => {
      const { ports } = shell;
      const stopped = ports.interrupts();
      const tail = new Tail(shell.client(), { type, endpoint }, shell);
      await tail.start();
      shell.note(`waiting for events${type === undefined ? '' : ` of the type ${type}`}; Ctrl-C ends`);
      while (!stopped.aborted) {
        await tail.look();
        await ports.sleep(period, stopped);
      }
    });
  examples(command, 'tail', 'tail --type order.created', 'tail --json | jq .delivery.status');
}

interface TailOptions {
  readonly type: string | undefined;
  readonly endpoint: string | undefined;
}

/** Remembers what it has printed, so that each look prints only what is new. */
class Tail {
  readonly #client: Hook0Client;
  readonly #options: TailOptions;
  readonly #shell: Shell;
  /** Ids of events, with their times by the clock of the deployment. */
  readonly #seen = new Map<string, number>();
  /** The latest of these times. */
  #latest: number | undefined;
  readonly #followed = new Map<string, EventSummary>();
  readonly #printed = new Map<string, string>();

  constructor(client: Hook0Client, options: TailOptions, shell: Shell) {
    this.#client = client;
    this.#options = options;
    this.#shell = shell;
  }

  /** What exists now is not shown. */
  async start(): Promise<void> {
    const [newest] = (await this.#client.events.list({ type: this.#options.type, limit: 1 })).data;
    if (newest !== undefined) this.#latest = Date.parse(newest.timestamp);
    await this.#newEvents();
  }

  async look(): Promise<void> {
    for (const event of await this.#newEvents()) {
      if (!this.#shell.isJson && this.#options.endpoint === undefined) this.#line(eventLine(event));
      if (event.webhookCount > 0) this.#followed.set(event.id, event);
    }
    for (const id of [...this.#followed.keys()].slice(0, -mostFollowed)) {
      this.#followed.delete(id);
      if (!this.#shell.isJson) this.#shell.note(`no longer following ${id}: hook0 events get ${id} shows it`);
    }
    for (const event of this.#followed.values()) await this.#follow(event);
  }

  /** Those that were not seen before, earliest first. */
  async #newEvents(): Promise<readonly EventSummary[]> {
    const from = this.#latest === undefined ? undefined : this.#latest - overlap;
    const since = from === undefined ? undefined : new Date(from).toISOString();
    const found: EventSummary[] = [];
    for await (const event of this.#client.events.all({ type: this.#options.type, since })) {
      if (!this.#seen.has(event.id)) found.unshift(event);
    }
    for (const [id, at] of this.#seen) if (from !== undefined && at < from) this.#seen.delete(id);
    for (const { id, timestamp } of found) {
      const at = Date.parse(timestamp);
      this.#seen.set(id, at);
      this.#latest = Math.max(at, this.#latest ?? at);
    }
    return found;
  }

  async #follow(event: EventSummary): Promise<void> {
    let isOver = true;
    const deliveries = itemsOf(async (cursor) => {
      const page = await this.#client.events.get(event.id, { limit: 100, ...cursor });
      return { data: page.deliveries, nextCursor: page.nextCursor };
    });
    for await (const delivery of deliveries) {
      if (!isSettled(delivery)) isOver = false;
      if (this.#options.endpoint !== undefined && delivery.endpointId !== this.#options.endpoint) continue;
      const state = [delivery.status, delivery.heldFor, delivery.generation, delivery.attempts.length].join();
      const isNew = this.#printed.get(delivery.id) !== state;
      this.#printed.set(delivery.id, state);
      if (isNew) this.#print(event, delivery);
    }
    if (isOver) this.#followed.delete(event.id);
  }

  #print(event: EventSummary, delivery: Delivery): void {
    if (this.#shell.isJson) this.#shell.json({ event, delivery });
    else if (delivery.status !== 'queued') this.#line(deliveryLine(event, delivery, this.#shell));
  }

  #line(text: string): void {
    const time = { text: clock(this.#shell.ports.now()), style: 'dim' } as const;
    this.#shell.ports.out(`${this.#shell.styled(time)} ${text}\n`);
  }
}

const isSettled = ({ status }: Delivery): boolean =>
  status === 'succeeded' || status === 'dead' || status === 'cancelled';

const eventLine = ({ id, type, webhookCount }: EventSummary): string =>
  oneLine(`event     ${id} ${type} to ${webhookCount} endpoint${webhookCount === 1 ? '' : 's'}`);
