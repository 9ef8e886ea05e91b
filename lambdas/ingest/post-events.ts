import { readText } from '#adapters/http-api/json-body.ts';
import { readQuery } from '#adapters/http-api/query.ts';
import type { HttpRequest } from '#adapters/http-api/request.ts';
import { type HttpResponse, jsonText } from '#adapters/http-api/response.ts';
import type { BatchItem } from '#core/event/parse-event.ts';
import { hashKey, hashRequest, readIdempotencyKey } from '#core/idempotency/key.ts';
import type { Scope } from '#core/token/token.ts';
import type { AcceptOutcome, KeyClaim } from './accept.ts';
import { failedIn } from './answers.ts';
import type { IngestPorts } from './ports.ts';

/** How a route reads its body and writes its answer. */
export interface EventFormat {
  /** @throws Problem */
  parse(text: string): readonly BatchItem[];
  /**
   * The body of a 202.
   *
   * @param outcomes of the items that are ok, in order
   * @throws Problem
   */
  answer(items: readonly BatchItem[], outcomes: readonly AcceptOutcome[]): string;
}

/**
 * Accepts the events of a request → 202. A request with an `Idempotency-Key` that was answered before gets the same
 * 202 again, byte for byte.
 */
export async function postEvents(
  request: HttpRequest,
  { parse, answer }: EventFormat,
  scope: Scope,
  ports: IngestPorts,
): Promise<HttpResponse> {
  const startedAt = ports.now();
  const { applicationId, token, hops } = await ports.authenticate(request, scope);
  readQuery(request.query, []);
  const key = readIdempotencyKey(request.headers);
  const text = readText(request);
  const bytes = Buffer.byteLength(text);
  const poster = { applicationId, token };
  const items = await parseOrCount(
    () => parse(text),
    () => ports.rateLimiter.take(poster, { events: 1, bytes }),
  );
  const events = items.flatMap((item) => (item.ok ? [{ ...item.event, hops }] : []));
  const eventIds = events.map(() => ports.newEventId());

  const accept = async (claim: KeyClaim): Promise<string> => {
    // A request that is answered from its key does not count, so the limit is asked once the key is claimed.
    await ports.rateLimiter.take(poster, { events: items.length, bytes });
    const outcomes = await ports.accept(applicationId, events, claim, startedAt);
    const failed = failedIn(outcomes);
    const isPartial = outcomes.some(({ kind }) => kind !== 'failed');
    // A partial success would be the stored answer of its key for a day. The same request, sent again, completes it.
    if (failed && (key !== undefined || !isPartial)) throw failed.error;
    return answer(items, outcomes);
  };

  if (key === undefined) return jsonText(202, await accept({ eventIds, repeat: false }));
  const { answer: body, replayed } = await ports.idempotency.run(
    { applicationId, keyHash: hashKey(key) },
    { requestHash: hashRequest(request.path, text), claimId: request.requestId, eventIds },
    accept,
  );
  return jsonText(202, body, replayed ? { 'idempotent-replayed': 'true' } : {});
}

/**
 * What is not valid costs work as well, so that it counts before it is refused.
 *
 * @throws Problem of the cap that is exceeded, or else why the text is not valid
 */
export async function parseOrCount<Parsed>(parse: () => Parsed, count: () => Promise<void>): Promise<Parsed> {
  try {
    return parse();
  } catch (error) {
    await count();
    throw error;
  }
}
