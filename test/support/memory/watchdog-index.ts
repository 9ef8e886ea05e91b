import type { Delivery } from '#core/delivery/delivery.ts';
import { watchdogEntryOf } from '#core/delivery/watchdog.ts';
import type { Page, PageRequest } from '#core/page/page.ts';

export interface Reference {
  readonly endpointId: string;
  readonly eventId: string;
}

interface Entry {
  readonly key: string;
  readonly at: number;
  readonly reference: Reference;
}

/** A change that the index does not show yet. Times are epoch milliseconds. */
interface Change {
  readonly id: string;
  readonly seenAt: number;
  readonly delivery: Delivery;
}

/** The sparse index of deliveries that something must look at. It knows what `follow` was called with, and no more. */
export class WatchdogIndex {
  /** Milliseconds until a change is seen. The changes of one delivery are seen in their order. */
  lag: () => number = () => 0;
  private readonly now: () => number;
  private readonly keys = new Map<string, Map<string, Entry>>();
  private readonly entries = new Map<string, Entry>();
  private changes: Change[] = [];

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.now = now;
  }

  follow(delivery: Delivery): void {
    const id = `${delivery.endpointId} ${delivery.eventId}`;
    const earlier = this.changes.findLast((change) => change.id === id)?.seenAt ?? 0;
    this.changes.push({ id, delivery, seenAt: Math.max(earlier, this.now() + this.lag()) });
    this.catchUp();
  }

  private catchUp(): void {
    if (this.changes.length === 0) return;
    const now = this.now();
    for (const change of this.changes) if (change.seenAt <= now) this.show(change);
    this.changes = this.changes.filter(({ seenAt }) => seenAt > now);
  }

  private show({ id, delivery }: Change): void {
    const { endpointId, eventId } = delivery;
    this.keys.get(this.entries.get(id)?.key ?? '')?.delete(id);
    this.entries.delete(id);
    const attention = watchdogEntryOf(delivery);
    if (!attention) return;
    const entry = { ...attention, reference: { endpointId, eventId } };
    this.entries.set(id, entry);
    const under = this.keys.get(entry.key) ?? new Map<string, Entry>();
    this.keys.set(entry.key, under.set(id, entry));
  }

  /** Earliest first, up to `until` (epoch milliseconds, inclusive). A full page has a `next`, even if nothing follows. */
  page(key: string, { after = '', limit }: PageRequest, until = Number.POSITIVE_INFINITY): Page<Reference> {
    this.catchUp();
    const entries = [...(this.keys.get(key)?.values() ?? [])]
      .filter((entry) => entry.at <= until && positionOf(entry) > after)
      .toSorted((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1))
      .slice(0, limit);
    const last = entries.at(-1);
    const items = entries.map(({ reference }) => reference);
    return last && entries.length === limit ? { items, next: positionOf(last) } : { items };
  }

  /** The last ones, latest first. */
  latest(key: string, limit: number): Reference[] {
    return [...(this.keys.get(key)?.values() ?? [])]
      .toSorted((a, b) => (positionOf(a) > positionOf(b) ? -1 : 1))
      .slice(0, limit)
      .map(({ reference }) => reference);
  }

  /** The entries whose key begins so, `limit` of the whole index at a time, in no particular order. */
  scan(prefix: string, { after = '', limit }: PageRequest): Page<Reference> {
    this.catchUp();
    const ids = [...this.entries.keys()].toSorted().filter((id) => id > after);
    const read = ids.slice(0, limit);
    const items = read.flatMap((id) => {
      const entry = this.entries.get(id);
      return entry?.key.startsWith(prefix) ? [entry.reference] : [];
    });
    const last = read.at(-1);
    return last && ids.length > limit ? { items, next: last } : { items };
  }

  /** When the next delivery is due and seen as such, epoch milliseconds; Infinity when none will be. */
  nextDue(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { key, at } of this.entries.values()) if (key.startsWith('DUE#')) next = Math.min(next, at);
    for (const { delivery, seenAt } of this.changes) {
      const entry = watchdogEntryOf(delivery);
      if (entry?.key.startsWith('DUE#')) next = Math.min(next, Math.max(entry.at, seenAt));
    }
    return next;
  }
}

const positionOf = ({ at, reference: { endpointId, eventId } }: Entry): string =>
  `${String(at).padStart(13, '0')}.${eventId}.${endpointId}`;
