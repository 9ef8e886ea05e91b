import { inlineEndpoints, type Matched, type MatchedEndpoint, segmentSize } from './event.ts';

/** Reads one segment of a wide event; segments count from 0. */
export type ReadSegment = (
  eventId: string,
  segment: number,
) => Promise<readonly MatchedEndpoint[] | undefined>;

/** Some of the endpoints that an event matched, in the order in which they matched, from the event or its segments. */
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

/**
 * One of the endpoints that an event matched; undefined when it did not match. Segments are in the order of the ids, so
 * that of a hundred segments seven are read.
 */
export async function matchedEndpoint(
  event: Matched,
  endpointId: string,
  readSegment: ReadSegment,
): Promise<MatchedEndpoint | undefined> {
  const isThis = (matched: MatchedEndpoint) => matched.endpointId === endpointId;
  if (event.endpointCount <= inlineEndpoints) return event.endpoints.find(isThis);
  let from = 0;
  let to = Math.ceil(event.endpointCount / segmentSize);
  while (from < to) {
    const middle = (from + to) >> 1;
    const segment = (await readSegment(event.id, middle)) ?? [];
    const [first, last] = [segment.at(0), segment.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    if (endpointId < first.endpointId) to = middle;
    else if (endpointId > last.endpointId) from = middle + 1;
    else return segment.find(isThis);
  }
  return undefined;
}

/**
 * Those of these endpoints that an event matched, each once. No segment is read twice, so the reads never exceed the
 * number of segments.
 */
export async function matchedAmong(
  event: Matched,
  endpointIds: readonly string[],
  readSegment: ReadSegment,
): Promise<MatchedEndpoint[]> {
  const read = new Map<number, Promise<readonly MatchedEndpoint[] | undefined>>();
  const readOnce: ReadSegment = (eventId, segment) => {
    const known = read.get(segment) ?? readSegment(eventId, segment);
    read.set(segment, known);
    return known;
  };
  const found: MatchedEndpoint[] = [];
  // One after the other, because the first ones read the segments of the others.
  for (const endpointId of new Set(endpointIds)) {
    const matched = await matchedEndpoint(event, endpointId, readOnce);
    if (matched !== undefined) found.push(matched);
  }
  return found;
}

/** All endpoints that an event matched, a segment at a time. */
export async function* allMatched(
  event: Matched,
  readSegment: ReadSegment,
): AsyncGenerator<readonly MatchedEndpoint[]> {
  for (let at = 0; at < event.endpointCount; at += segmentSize) {
    yield await matchedEndpoints(event, at, segmentSize, readSegment);
  }
}
