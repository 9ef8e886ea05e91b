import { createCache } from '#core/concurrency/cache.ts';
import type { TypeCheck } from '#core/event-type/type-check.ts';
import type { FilterableEvent } from '#core/filter/field.ts';
import type { RegexEngine } from '#core/regex/expression.ts';
import { HeldRoutes } from './held-routes.ts';
import { createRequestWork, type RequestWork } from './request-work.ts';
import type { RouteChange } from './route.ts';
import type { Match, RoutingIndex } from './routing-index.ts';

/** Where routes come from. */
interface RoutingSource {
  /** The current version, read consistently; undefined when the application does not exist. */
  version(applicationId: string): Promise<number | undefined>;
  /** Changes after a version, ascending. Old changes may be gone, and not all need to be returned. */
  changesAfter(applicationId: string, version: number): Promise<readonly RouteChange[]>;
  /**
   * All routes, at the version that was current when this was called or a later one.
   *
   * @param expect called before the routes are read, with about how many bytes of memory they will take
   */
  load(
    applicationId: string,
    expect: (bytes: number) => void,
  ): Promise<{ readonly version: number; readonly index: RoutingIndex }>;
}

export interface RoutingCache {
  /**
   * The endpoints that want the event, by the routes that were current when this was called or by later ones; undefined
   * when the application does not exist.
   *
   * @param work of the request that the event came with. @default - of a request with one event
   * @throws Problem when the event's type refuses it; `unavailable` (503) when the request needs too many steps for the
   * events before it
   */
  match(applicationId: string, event: FilterableEvent, work?: RequestWork): Promise<Match[] | undefined>;
}

interface RoutingCacheOptions {
  readonly source: RoutingSource;
  /** See `HeldRoutes`. */
  readonly maxBytes: number;
  /** Checks events whose type has a rule. @default - such events are an error */
  readonly checkType?: TypeCheck;
  /** Called when the routes of one application take more than `maxBytes`: the function needs more memory. */
  readonly onOversized?: (applicationId: string, bytes: number) => void;
  /** @default - the engine of `regex/re2.ts`, loaded when a filter first needs it */
  readonly loadRegexEngine?: () => Promise<RegexEngine>;
}

// How many refreshes to wait for. Those of other callers may have begun too early; one of this caller ends the loop.
const mostRefreshes = 5;

/**
 * Keeps the routes of applications in memory and brings them up to date before each match. So an event that is posted
 * after an endpoint was created finds it, and while nothing changes only the version is read.
 */
export function createRoutingCache({
  source,
  maxBytes,
  checkType = async (_, { name }) => {
    throw new Error(`the event type ${name} has a rule and nothing checks it: pass checkType`);
  },
  onOversized = () => undefined,
  loadRegexEngine = async () => (await import('#core/regex/re2.ts')).re2,
}: RoutingCacheOptions): RoutingCache {
  const held = new HeldRoutes(maxBytes);
  // One refresh of an application at a time, so that many events after a change read the change once.
  const refreshOnce = createCache<RoutingIndex>({});

  async function indexAt(applicationId: string, version: number): Promise<RoutingIndex> {
    const known = held.get(applicationId);
    if (known !== undefined && known.version >= version) {
      held.use(applicationId, known);
      return known;
    }
    for (let refreshes = 0; refreshes < mostRefreshes; refreshes += 1) {
      const index = await refreshOnce(applicationId, 0, () => refresh(applicationId, version));
      if (index.version >= version) return index;
    }
    throw new Error(`the routing of application ${applicationId} could not be read up to version ${version}`);
  }

  async function refresh(applicationId: string, version: number): Promise<RoutingIndex> {
    const index = (await followed(applicationId, version)) ?? (await load(applicationId));
    held.use(applicationId, index);
    return index;
  }

  /** The routes in memory, brought up to the version by the log of changes; undefined when they have to be loaded. */
  async function followed(applicationId: string, version: number): Promise<RoutingIndex | undefined> {
    const index = held.get(applicationId);
    if (index === undefined) return undefined;
    // The index refuses changes after a missing one, and then stays below the version.
    for (const change of await source.changesAfter(applicationId, index.version)) index.apply(change);
    if (index.version >= version) return index;
    // Dropped before the load, so that the routes are not in memory twice.
    held.delete(applicationId);
    return undefined;
  }

  async function load(applicationId: string): Promise<RoutingIndex> {
    const { index } = await source.load(applicationId, (bytes) => held.makeRoomFor(bytes));
    if (held.isOversized(index.bytes)) onOversized(applicationId, index.bytes);
    return index;
  }

  return {
    async match(applicationId, event, work = createRequestWork()) {
      const version = await source.version(applicationId);
      if (version === undefined) {
        held.delete(applicationId);
        return undefined;
      }
      const index = await indexAt(applicationId, version);
      if (index.needsRegexEngine) index.useRegexEngine(await loadRegexEngine());
      return work.inTurn(async () => {
        const rule = index.ruleOf(event.type);
        if (rule === undefined) return index.match(event, work.take);
        const payload = event.payload();
        await checkType(applicationId, rule, payload, work.take);
        return index.match({ ...event, payload: () => payload }, work.take);
      });
    },
  };
}
