import { RecentMap } from '#core/concurrency/cache.ts';
import { type SlowMark, slowMark } from '#core/slow-endpoint/slow-endpoint.ts';

/**
 * Marks endpoints as slow, each once for all requests of this process. A mark that fails is only reported, because it only
 * chooses the queue of the next deliveries, and the next slow request tries again.
 *
 * @param capacity how many endpoints are remembered
 */
export function createSlowMarks({
  mark,
  failed,
  now,
  capacity,
}: {
  readonly mark: (endpointId: string, mark: SlowMark) => Promise<unknown>;
  readonly failed: (endpointId: string, error: unknown) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly capacity: number;
}): (endpointId: string) => Promise<void> {
  const marks = new RecentMap<string, { readonly until: number; readonly made: Promise<void> }>(capacity);

  async function make(endpointId: string, wanted: SlowMark): Promise<void> {
    try {
      await mark(endpointId, wanted);
    } catch (error) {
      marks.delete(endpointId);
      failed(endpointId, error);
    }
  }

  return async (endpointId) => {
    const standing = marks.get(endpointId);
    const wanted = slowMark(standing?.until, now());
    if (wanted === undefined) return standing?.made;
    const made = make(endpointId, wanted);
    marks.set(endpointId, { until: wanted.until, made });
    return made;
  };
}
