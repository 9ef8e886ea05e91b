import { inTurns } from '#core/concurrency/concurrency.ts';
import type { ReleasePorts } from '#core/delivery/release.ts';
import type { GenerationPorts } from '#core/delivery/restart.ts';
import type { OutlineRecord } from '#core/endpoint/endpoint.ts';

/** What a restart of deliveries touches outside this process. Times are epoch milliseconds. */
export interface RestartPorts extends ReleasePorts, Pick<GenerationPorts, 'keepEvent' | 'retention'> {
  now(): number;
  /** Consistent. */
  endpoint(endpointId: string): Promise<OutlineRecord | undefined>;
}

const atATime = 20;

/**
 * Whether deliver would send to the endpoint. It cancels the deliveries of a disabled or deleted endpoint, so a dead
 * letter of one is left where it can be found.
 */
export async function isReachable(
  endpointId: string,
  { endpoint }: Pick<RestartPorts, 'endpoint'>,
): Promise<boolean> {
  const record = await endpoint(endpointId);
  return record !== undefined && record.state.status !== 'disabled';
}

/** Those of the endpoints that deliver would send to. */
export async function reachableOf(
  wanted: readonly { readonly endpointId: string }[],
  ports: Pick<RestartPorts, 'endpoint'>,
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(wanted.map(({ endpointId }) => endpointId))];
  const reachable = await inTurns(ids, atATime, (id) => isReachable(id, ports));
  return new Set(ids.filter((_, index) => reachable[index]));
}
