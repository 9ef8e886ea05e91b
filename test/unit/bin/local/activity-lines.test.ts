import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { announcing, attemptLine, eventLines } from '#bin/local/activity-lines.ts';
import type { Gateway, Integration } from '#local/gateway/gateway.ts';
import type { ApiRoute } from '#local/gateway/routes.ts';

const request = (body: unknown) => JSON.stringify({ body: JSON.stringify(body), isBase64Encoded: false });
const answer = (body: unknown) =>
  JSON.stringify({ statusCode: 202, headers: {}, body: JSON.stringify(body) });
const accepted = (eventId: string, webhookCount: number) => ({ success: true, eventId, webhookCount });
const problem = { code: 'payload_schema', detail: '/id: is missing' };

describe('a line for each event', () => {
  it('says its id, its type and how many endpoints get it', () => {
    const [one] = eventLines(request({ type: 'a.b' }), answer(accepted('evt_1', 1)));
    expect(one).toBe('event     evt_1 a.b to 1 endpoint');
    const [none] = eventLines(request({ type: 'a.b' }), answer(accepted('evt_1', 0)));
    expect(none).toBe('event     evt_1 a.b to 0 endpoints');
  });

  it('is printed for each of a batch, and for those that are refused', () => {
    const results = [accepted('evt_1', 2), { success: false, error: problem }];
    const lines = eventLines(request({ events: [{ type: 'a' }, { type: 'b' }] }), answer({ results }));
    expect(lines).toEqual([
      'event     evt_1 a to 2 endpoints',
      'event     b refused: payload_schema: /id: is missing',
    ]);
  });

  it('is printed for what is not an event', () => {
    const body = gzipSync(JSON.stringify({ code: 'invalid_json', detail: 'x\u001b[2Jy' })).toString('base64');
    const compressed = JSON.stringify({
      body,
      isBase64Encoded: true,
      headers: { 'content-encoding': 'gzip' },
    });
    expect(eventLines(JSON.stringify({ body: '{' }), compressed)).toEqual([
      'event     refused: invalid_json: x [2Jy',
    ]);
  });

  it('is printed for requests that post events, and for no others', async () => {
    const lines: string[] = [];
    const served: ApiRoute<Integration>[] = [];
    const gateway: Gateway = {
      origin: '',
      serve: (_, routes) => void served.push(...routes),
      stop: async () => undefined,
    };
    const invoke = async () => ({ kind: 'result' as const, payload: answer(accepted('evt_1', 0)) });
    const routes = ['POST /api/events', 'POST /api/endpoints'].map((key) => ({
      key,
      target: { invoke, timeoutMs: 1 },
    }));
    announcing(gateway, (line) => lines.push(line)).serve('api', routes);
    for (const { target } of served) await target.invoke(request({ type: 'a' }), 'POST', '/');
    expect(lines).toEqual(['event     evt_1 a to 0 endpoints']);
  });
});

describe('a line for each attempt', () => {
  const record = {
    ...{ message: 'attempt', eventId: 'evt_1', eventType: 'a.b', endpointId: 'ep_1' },
    ...{ attempt: 1, generation: 1, duration: 4, statusCode: 200 },
  };
  const lineOf = (change: object) =>
    attemptLine({ time: 0, source: 'x', text: '', record: { ...record, ...change } });

  it('says where it went and what was answered', () => {
    expect(lineOf({})).toBe('delivery  evt_1 a.b to ep_1: HTTP 200 in 4 ms');
    expect(lineOf({ statusCode: undefined, error: 'connection refused', attempt: 2, generation: 3 })).toBe(
      'delivery  evt_1 a.b to ep_1: connection refused in 4 ms, attempt 2, run 3',
    );
  });

  it('is printed for no other line of a log', () => {
    expect(lineOf({ message: 'accepted' })).toBeUndefined();
    expect(attemptLine({ time: 0, source: 'x', text: 'text' })).toBeUndefined();
  });
});
