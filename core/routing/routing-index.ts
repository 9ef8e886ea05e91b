import type { Priority } from '#core/event/event.ts';
import { patternsCovering } from '#core/event/type-name.ts';
import type { EventTypeRule } from '#core/event-type/event-type.ts';
import { type CompiledFilter, compileFilter } from '#core/filter/compile.ts';
import { type FilterCost, noCost, stepsFor, stepsToParse } from '#core/filter/cost.ts';
import type { FilterableEvent } from '#core/filter/field.ts';
import { usesRegex } from '#core/filter/filter.ts';
import { keptExpressions, type RegexEngine } from '#core/regex/expression.ts';
import { Bucket } from './bucket.ts';
import type { Metadata, Route, RouteChange } from './route.ts';
import { applicationHeap, heapWith, lookupOf } from './route-heap.ts';
import type { Selector } from './selector.ts';
import { TypeRules } from './type-rules.ts';

export interface Match {
  readonly endpointId: string;
  readonly priority?: Priority;
}

/** An application's routes at a version. */
export interface Routes {
  readonly version: number;
  readonly applicationMetadata: Metadata;
  readonly routes: readonly Route[];
  /** @default - none */
  readonly eventTypes?: readonly EventTypeRule[];
}

interface Entry {
  readonly route: Route;
  readonly match: Match;
  readonly selector: Selector | undefined;
  readonly bytes: number;
  readonly usesRegex: boolean;
  readonly cost: FilterCost;
  compiled: CompiledFilter | undefined;
  /** The number of the last match that visited this entry, so that no match visits it twice. */
  seenBy: number;
}

/**
 * One application's routes in memory, at a version that `apply` moves on step by step. Finds the endpoints of an event;
 * the cost grows with those that match and with the filters that must be evaluated, not with all endpoints.
 */
export class RoutingIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #buckets = new Map<string, Bucket<Entry>>();
  readonly #rules = new TypeRules();
  #version: number;
  #applicationMetadata: Metadata;
  #regexRoutes = 0;
  #regexEngine: RegexEngine | undefined;
  #bytes = 0;
  #applicationBytes: number;
  #matches = 0;

  constructor(
    { version, applicationMetadata, routes, eventTypes = [] }: Routes = {
      version: 0,
      applicationMetadata: {},
      routes: [],
    },
  ) {
    this.#version = version;
    this.#applicationMetadata = applicationMetadata;
    this.#applicationBytes = applicationHeap(applicationMetadata);
    for (const route of routes) this.#put(route);
    for (const rule of eventTypes) this.#rules.put(rule);
  }

  get version(): number {
    return this.#version;
  }

  /** About how many bytes of memory the index takes. */
  get bytes(): number {
    return this.#applicationBytes + this.#bytes + this.#rules.bytes;
  }

  /** The rule that an event of this type must keep; undefined without one. */
  ruleOf(eventType: string): EventTypeRule | undefined {
    return this.#rules.get(eventType);
  }

  /** Whether `match` needs an engine that was not given yet: load one and call `useRegexEngine`. */
  get needsRegexEngine(): boolean {
    return this.#regexRoutes > 0 && this.#regexEngine === undefined;
  }

  useRegexEngine(engine: RegexEngine): void {
    this.#regexEngine = engine;
  }

  /** The content of a snapshot; routes in the order of their endpoints' ids. */
  get routes(): Routes {
    const routes = [...this.#entries.values()].map((entry) => entry.route).sort(byEndpoint);
    const eventTypes = this.#rules.all;
    return {
      version: this.#version,
      applicationMetadata: this.#applicationMetadata,
      routes,
      ...(eventTypes.length > 0 && { eventTypes }),
    };
  }

  /**
   * Takes the next change of the log. The index stays as it is when it already has the change (`stale`), and when a
   * change before it is missing (`gap`: load the newest snapshot and the changes after it).
   */
  apply(change: RouteChange): 'applied' | 'stale' | 'gap' {
    if (change.version <= this.#version) return 'stale';
    if (change.version > this.#version + 1) return 'gap';
    this.#version = change.version;
    switch (change.kind) {
      case 'endpoint':
        this.#put(change.route);
        break;
      case 'endpointRemoved':
        this.#remove(change.endpointId);
        break;
      case 'application':
        this.#applicationMetadata = change.metadata;
        this.#applicationBytes = applicationHeap(change.metadata);
        break;
      case 'eventType':
        this.#rules.put(change.rule);
        break;
      case 'eventTypeRemoved':
        this.#rules.remove(change.name);
        break;
    }
    return 'applied';
  }

  /**
   * The endpoints that want the event, each once, in the code-unit order of their ids.
   *
   * @param admit called with the steps that this takes at most, before any is taken; it may throw
   * @throws Error when a filter needs a regex engine and none was given.
   */
  match(event: FilterableEvent, admit: (steps: number) => unknown = () => undefined): Match[] {
    this.#matches += 1;
    const read = readOnce(event);
    const found: Match[] = [];
    const filtered: Entry[] = [];
    const buckets = patternsCovering(event.type)
      .map((pattern) => this.#buckets.get(pattern))
      .filter((bucket) => bucket !== undefined);
    const lookups = buckets.reduce((sum, bucket) => sum + bucket.steps, 0);
    if (lookups > 0) admit(lookups + stepsToParse * event.payloadLength);
    for (const bucket of buckets) {
      bucket.eachCandidate(read, (entry) => {
        if (entry.seenBy === this.#matches) return;
        entry.seenBy = this.#matches;
        if (entry.route.filters === undefined) found.push(entry.match);
        else filtered.push(entry);
      });
    }
    const steps = filtered.reduce((sum, entry) => sum + this.#stepsOf(entry, event.payloadLength), 0);
    if (steps > 0) admit(steps + (lookups > 0 ? 0 : stepsToParse * event.payloadLength));
    for (const entry of filtered) if (this.#passes(entry, read)) found.push(entry.match);
    return found.sort(byEndpoint);
  }

  #stepsOf({ cost, compiled, usesRegex }: Entry, characters: number): number {
    // The engine prepares expressions again when there are more than it keeps.
    const isPrepared = compiled !== undefined && (!usesRegex || this.#regexRoutes <= keptExpressions);
    return stepsFor(cost, characters) + (isPrepared ? 0 : cost.preparation);
  }

  #passes(entry: Entry, event: FilterableEvent): boolean {
    const { filters, metadata } = entry.route;
    if (filters === undefined) return true;
    entry.compiled ??= compileFilter(filters, this.#regexEngine);
    return entry.compiled(event, { endpoint: metadata, application: this.#applicationMetadata });
  }

  #put(route: Route): void {
    this.#remove(route.endpointId);
    const { endpointId, priority } = route;
    const selector = lookupOf(route);
    const entry: Entry = {
      route,
      match: priority ? { endpointId, priority } : { endpointId },
      selector,
      bytes: heapWith(route, selector),
      usesRegex: route.filters !== undefined && usesRegex(route.filters),
      cost: route.cost ?? noCost,
      compiled: undefined,
      seenBy: 0,
    };
    this.#entries.set(endpointId, entry);
    this.#bytes += entry.bytes;
    if (entry.usesRegex) this.#regexRoutes += 1;
    for (const pattern of route.patterns) this.#bucketOf(pattern).add(entry, entry.selector);
  }

  #bucketOf(pattern: string): Bucket<Entry> {
    const known = this.#buckets.get(pattern);
    if (known) return known;
    const bucket = new Bucket<Entry>();
    this.#buckets.set(pattern, bucket);
    return bucket;
  }

  #remove(endpointId: string): void {
    const entry = this.#entries.get(endpointId);
    if (entry === undefined) return;
    this.#entries.delete(endpointId);
    this.#bytes -= entry.bytes;
    if (entry.usesRegex) this.#regexRoutes -= 1;
    for (const pattern of entry.route.patterns) {
      const bucket = this.#buckets.get(pattern);
      bucket?.remove(entry, entry.selector);
      if (bucket?.isEmpty) this.#buckets.delete(pattern);
    }
  }
}

function byEndpoint(left: { readonly endpointId: string }, right: { readonly endpointId: string }): number {
  return left.endpointId < right.endpointId ? -1 : 1;
}

/** Parses the payload at most once, and only if a filter reads it. */
function readOnce(event: FilterableEvent): FilterableEvent {
  let read: { readonly payload: unknown } | undefined;
  return {
    ...event,
    payload: () => {
      read ??= { payload: event.payload() };
      return read.payload;
    },
  };
}
