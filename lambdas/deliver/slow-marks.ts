import { type SlowMark, slowMark } from '#core/slow-endpoint/slow-endpoint.ts';

interface Made {
  readonly until: number;
  readonly made: Promise<void>;
}

/**
 * Marks endpoints as suspect, each once for all that hang in this process at the same time. A mark that fails is
 * told of and nothing else: it only says where the next deliveries are made, and whoever hangs next tries again.
 *
 * @param capacity how many endpoints are remembered; those that were marked first are forgotten first
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
  const marks = new Map<string, Made>();

  async function make(endpointId: string, wanted: SlowMark): Promise<void> {
    try {
      await mark(endpointId, wanted);
    } catch (error) {
      marks.delete(endpointId);
      failed(endpointId, error);
    }
  }

  return (endpointId) => {
    const standing = marks.get(endpointId);
    const wanted = slowMark(standing?.until, now());
    if (wanted === undefined && standing !== undefined) return standing.made;
    if (wanted === undefined) return Promise.resolve();
    const made = make(endpointId, wanted);
    marks.delete(endpointId);
    marks.set(endpointId, { until: wanted.until, made });
    const [oldest] = marks.keys();
    if (marks.size > capacity && oldest !== undefined) marks.delete(oldest);
    return made;
  };
}
