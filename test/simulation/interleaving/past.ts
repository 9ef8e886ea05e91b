import type { WatchedEndpoint } from '#core/delivery/drain.ts';
import type { EndpointRecord } from '#core/endpoint/endpoint.ts';
import type { Tables } from '#test/support/memory/tables.ts';

interface Moment<Value> {
  readonly at: number;
  readonly value: Value;
}

const asOf = <Value>(moments: readonly Moment<Value>[], at: number): Value | undefined =>
  moments.findLast((moment) => moment.at <= at)?.value;

/** What the config table held, so that a read can show it as it was. */
export class Past {
  private readonly tables: Tables;
  private readonly records = new Map<string, Moment<EndpointRecord | undefined>[]>();
  private readonly lists: Moment<readonly WatchedEndpoint[]>[] = [];

  constructor(tables: Tables) {
    this.tables = tables;
  }

  /** Notes what has changed since the last call. */
  note(): void {
    const { endpoints, watched, now } = this.tables;
    for (const [id, { record }] of endpoints) this.noteRecord(id, record);
    if (this.records.size > endpoints.size)
      for (const id of this.records.keys()) if (!endpoints.has(id)) this.noteRecord(id, undefined);
    const list = [...watched.values()];
    const last = this.lists.at(-1)?.value ?? [];
    if (list.length !== last.length || list.some((entry, index) => entry !== last[index]))
      this.lists.push({ at: now(), value: list });
  }

  /** @param at epoch milliseconds */
  endpoint(id: string, at: number): EndpointRecord | undefined {
    return asOf(this.records.get(id) ?? [], at);
  }

  watched(at: number): readonly WatchedEndpoint[] {
    return asOf(this.lists, at) ?? [];
  }

  private noteRecord(id: string, value: EndpointRecord | undefined): void {
    const moments = this.records.get(id) ?? [];
    if (moments.length > 0 && moments.at(-1)?.value === value) return;
    moments.push({ at: this.tables.now(), value });
    this.records.set(id, moments);
  }
}
