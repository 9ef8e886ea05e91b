import type { Delivery } from '#core/delivery/delivery.ts';
import { decodeMessage } from '#core/message/codec.ts';
import type { Call, Fault, Life } from '../plant/faults.ts';
import type { Plant } from '../plant/plant.ts';
import { timeIn } from './simulate.ts';

const longest = 220;

/** Writes down each call of a plant in a line: when, which invocation, what, what went wrong, and what came of it. */
export class Trace {
  readonly lines: string[] = [];
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly faults = new WeakMap<Call, Fault>();

  readonly follow = (plant: Plant): void => {
    for (const id of plant.tables.endpoints.keys()) this.nameOf('endpoint', id);
    plant.onCall = (call, life, fault) => {
      if (fault !== undefined) this.faults.set(call, fault);
      const isUndone = fault === 'dies before' || fault === 'is refused' || typeof fault === 'object';
      if (isUndone)
        this.write(plant, life, call, typeof fault === 'object' ? 'is stale' : fault.toUpperCase());
    };
    plant.onEffect = (call, result, life) => {
      const fault = this.faults.get(call);
      const outcome = result === undefined ? '' : ` → ${this.show(result)}`;
      this.write(
        plant,
        life,
        call,
        `${typeof fault === 'string' ? ` ${fault.toUpperCase()}` : ''}${outcome}`,
      );
    };
    plant.onReceive = (message) => {
      this.lines.push(
        `${timeIn(plant)} ${message.queue} queue hands out (receive ${message.receives}) ${this.show(message.body)}`,
      );
    };
  };

  private write(plant: Plant, { by, number }: Life, { name, args }: Call, outcome: string): void {
    // A page of a shard is empty most of the time.
    if (outcome === ' → {"items":[]}') return;
    const shown = args.map((arg) => this.show(arg)).join(' ');
    this.lines.push(`${timeIn(plant)} ${by} ${number} ${name} ${shown} ${outcome}`);
  }

  /** In short. */
  private show(value: unknown): string {
    if (value instanceof Uint8Array) return `${value.length} bytes`;
    const text =
      typeof value === 'string' ? value : JSON.stringify(isDelivery(value) ? shortOf(value) : value);
    return this.named(withoutPayload(text ?? 'nothing')).slice(0, longest);
  }

  /** The text with short names instead of ids. */
  named(text: string): string {
    return text
      .replace(/dlv_\w+/g, (id) => this.nameOf('delivery', id))
      .replace(/evt_\w+/g, (id) => this.nameOf('event', id))
      .replace(/ep_\w+/g, (id) => this.nameOf('endpoint', id))
      .replace(/"applicationId":"default",?|"v":1,?/g, '');
  }

  private nameOf(kind: string, id: string): string {
    const known = this.names.get(id);
    if (known !== undefined) return known;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    this.names.set(id, `${kind}-${count}`);
    return `${kind}-${count}`;
  }
}

const isDelivery = (value: unknown): value is Delivery =>
  typeof value === 'object' && value !== null && 'attemptCount' in value && 'state' in value;

const shortOf = ({ endpointId, eventId, generation, attemptCount, revision, state }: Delivery) => ({
  ...{ eventId, endpointId, generation, attemptCount, revision, ...state },
});

function withoutPayload(text: string): string {
  if (!text.startsWith('{')) return text;
  const message = decodeMessage(text);
  if (message.kind !== 'delivery') return text;
  const { event, ...rest } = message;
  return JSON.stringify(rest);
}
