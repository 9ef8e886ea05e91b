import { inlineEndpoints, type Matched, type MatchedEndpoint, segmentSize } from './event.ts';

/** Reads one segment of a wide event; segments count from 0. */
export type ReadSegment = (
  eventId: string,
  segment: number,
) => Promise<readonly MatchedEndpoint[] | undefined>;

/** Some of the endpoints that an event matched, in the order in which they matched, wherever they are stored. */
export async function matchedEndpoints(
  event: Matched,
  start: number,
  count: number,
  readSegment: ReadSegment,
): Promise<readonly MatchedEndpoint[]> {
  if (event.endpointCount <= inlineEndpoints) return event.endpoints.slice(start, start + count);
  const found: MatchedEndpoint[] = [];
  for (let at = start; at < Math.min(start + count, event.endpointCount); ) {
    const segment = (await readSegment(event.id, Math.floor(at / segmentSize))) ?? [];
    const within = at % segmentSize;
    const taken = segment.slice(within, within + start + count - at);
    if (taken.length === 0) break;
    found.push(...taken);
    at += taken.length;
  }
  return found;
}

/** All of them, a segment at a time. */
export async function* allMatched(
  event: Matched,
  readSegment: ReadSegment,
): AsyncGenerator<readonly MatchedEndpoint[]> {
  for (let at = 0; at < event.endpointCount; at += segmentSize) {
    yield await matchedEndpoints(event, at, segmentSize, readSegment);
  }
}
