import { createCache } from '#core/concurrency/cache.ts';
import type { TypeCheck } from '#core/event-type/type-check.ts';
import { Problem } from '#core/problem/problem.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import type { RouteChange } from './route.ts';
import type { Match, MatchableEvent, RoutingIndex } from './routing-index.ts';

/** Where routes come from. */
export interface RoutingSource {
  /** The version that stands, read consistently; undefined when there is no such application. */
  version(applicationId: string): Promise<number | undefined>;
  /** Changes after a version, ascending; it may be too many to give all, and old ones may be gone. */
  changesAfter(applicationId: string, version: number): Promise<readonly RouteChange[]>;
  /**
   * All routes, not older than the version that stood when this was called.
   *
   * @param expect told, before they are read, about how many bytes of memory they take
   */
  load(
    applicationId: string,
    expect: (bytes: number) => void,
  ): Promise<{ readonly version: number; readonly index: RoutingIndex }>;
}

export interface RoutingCache {
  /**
   * The endpoints that want the event, by the routes that stood when this was called or later ones; undefined
   * when there is no such application.
   *
   * @throws Problem when the rule of the event's type refuses it; `unavailable` (503) when filters take too long to say
   * who wants it
   */
  match(applicationId: string, event: MatchableEvent): Promise<Match[] | undefined>;
}

export interface RoutingCacheOptions {
  readonly source: RoutingSource;
  /**
   * Applications that were not used for longest leave when all take more. The last used one always stays, and so does
   * the last used of those that take more by themselves: it is dear to load, and the small ones that leave instead
   * are not.
   */
  readonly maxBytes: number;
  /** Asked about events whose type has a rule. @default - such events are an error */
  readonly checkType?: TypeCheck;
  /** Told when an application that takes more by itself was loaded: the function needs more memory. */
  readonly onOversized?: (applicationId: string, bytes: number) => void;
  /** Called when an event is refused because the filters of these endpoints need too many steps. */
  readonly onTooExpensive?: (applicationId: string, eventId: string, endpointIds: readonly string[]) => void;
  /** @default - the engine of `filters/re2.ts`, loaded when a filter first needs it */
  readonly loadRegexEngine?: () => Promise<RegexEngine>;
}

// A round is a reload by somebody else that began too early for this call; one of its own ends the search.
const rounds = 5;

/**
 * Holds applications' routes in memory and brings them up to date before each match: an event that is posted
 * after an endpoint was created finds it, and while nothing changes only the version is read.
 */
export function createRoutingCache({
  source,
  maxBytes,
  checkType = async (_, { name }) => {
    throw new Error(`the event type ${name} has a rule and nothing here can check it: pass checkType`);
  },
  onOversized = () => undefined,
  onTooExpensive = () => undefined,
  loadRegexEngine = async () => (await import('#core/regex/re2.ts')).re2,
}: RoutingCacheOptions): RoutingCache {
  // A Map iterates in the order of insertion, so the first key is the least recently used.
  const held = new Map<string, RoutingIndex>();
  // One refresh of an application at a time: a burst of events after a change reads the change once.
  const refreshOnce = createCache<RoutingIndex>({});

  const hold = (applicationId: string, index: RoutingIndex): void => {
    held.delete(applicationId);
    held.set(applicationId, index);
  };

  const shrink = (): void => {
    const newestFirst = [...held].reverse();
    let bytes = newestFirst.reduce((sum, [, index]) => sum + index.bytes, 0);
    const stay = new Set([newestFirst[0], newestFirst.find(([, index]) => index.bytes > maxBytes)]);
    for (const one of newestFirst.toReversed()) {
      if (bytes <= maxBytes) return;
      if (stay.has(one)) continue;
      held.delete(one[0]);
      bytes -= one[1].bytes;
    }
  };

  /** The held routes, brought up to date; undefined when they have to be loaded. */
  const follow = async (applicationId: string, version: number): Promise<RoutingIndex | undefined> => {
    const known = held.get(applicationId);
    if (known !== undefined && (await catchUp(source, applicationId, known, version))) return known;
    // Out of memory before the same is loaded once more: it may be a good part of it.
    held.delete(applicationId);
    return undefined;
  };

  /** Of those that take more by themselves only one stays: the one before leaves before the next is loaded. */
  const makeRoomFor = (bytes: number): void => {
    if (bytes <= maxBytes) return;
    for (const [applicationId, index] of held) if (index.bytes > maxBytes) held.delete(applicationId);
  };

  const load = async (applicationId: string): Promise<RoutingIndex> => {
    const { index } = await source.load(applicationId, makeRoomFor);
    if (index.bytes > maxBytes) onOversized(applicationId, index.bytes);
    return index;
  };

  const refresh = async (applicationId: string, version: number): Promise<RoutingIndex> => {
    const index = (await follow(applicationId, version)) ?? (await load(applicationId));
    hold(applicationId, index);
    shrink();
    return index;
  };

  const indexAt = async (applicationId: string, version: number): Promise<RoutingIndex> => {
    const known = held.get(applicationId);
    if (known !== undefined && known.version >= version) {
      hold(applicationId, known);
      return known;
    }
    for (let round = 1; round <= rounds; round += 1) {
      const index = await refreshOnce(applicationId, 0, () => refresh(applicationId, version));
      if (index.version >= version) return index;
    }
    throw new Error(`the routing of application ${applicationId} could not be read up to version ${version}`);
  };

  return {
    async match(applicationId, event) {
      const version = await source.version(applicationId);
      if (version === undefined) {
        held.delete(applicationId);
        return undefined;
      }
      const index = await indexAt(applicationId, version);
      if (index.needsRegexEngine) index.useRegexEngine(await loadRegexEngine());
      const matchAll = (one: MatchableEvent): Match[] =>
        index.match(one, (endpointIds) => {
          onTooExpensive(applicationId, event.id, endpointIds);
          throw filtersTooExpensive(endpointIds.length);
        });
      const rule = index.ruleOf(event.type);
      if (rule === undefined) return matchAll(event);
      const payload = event.payload();
      await checkType(applicationId, rule, payload);
      return matchAll({ ...event, payload: () => payload });
    },
  };
}

/** A 202 would promise a delivery to every endpoint that wants the event, and it is unknown which ones do. */
function filtersTooExpensive(endpoints: number): Problem {
  return new Problem('unavailable', {
    detail:
      `the filters of ${endpoints} endpoints need too many steps for this event; ` +
      'nothing of it was accepted: simplify the filters, then post it again',
    headers: { 'retry-after': '60' },
  });
}

/** False when the changes do not lead to the version: one is missing, and everything has to be loaded again. */
async function catchUp(
  source: RoutingSource,
  applicationId: string,
  index: RoutingIndex,
  version: number,
): Promise<boolean> {
  // The index takes nothing that comes after a gap.
  for (const change of await source.changesAfter(applicationId, index.version)) index.apply(change);
  return index.version >= version;
}
