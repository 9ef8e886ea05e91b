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

/** The sparse index of deliveries that something must look at. It knows what `follow` was called with, and no more. */
export class WatchdogIndex {
  private readonly keys = new Map<string, Map<string, Entry>>();
  private readonly entries = new Map<string, Entry>();

  follow(delivery: Delivery): void {
    const { endpointId, eventId } = delivery;
    const id = `${endpointId} ${eventId}`;
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
    const entries = [...(this.keys.get(key)?.values() ?? [])]
      .filter((entry) => entry.at <= until && positionOf(entry) > after)
      .toSorted((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1))
      .slice(0, limit);
    const last = entries.at(-1);
    const items = entries.map(({ reference }) => reference);
    return last && entries.length === limit ? { items, next: positionOf(last) } : { items };
  }

  /** When the next delivery is due, epoch milliseconds; Infinity when none will be. */
  nextDue(): number {
    const due = [...this.keys].filter(([key]) => key.startsWith('DUE#'));
    return Math.min(...due.flatMap(([, under]) => [...under.values()].map(({ at }) => at)));
  }
}

const positionOf = ({ at, reference: { endpointId, eventId } }: Entry): string =>
  `${String(at).padStart(13, '0')}.${eventId}.${endpointId}`;
