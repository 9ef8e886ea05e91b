import { describe, expect, it } from 'vitest';
import { api } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';
import {
  apiWithEndpoint,
  endpointId,
  expectNothingWritten,
  expectProblem,
  secret,
} from '#test/support/bad-input.ts';

apiWithEndpoint();

describe('a request', () => {
  const id = 'ep_01h455vb4pex5vsknk084sn02q';

  it.each([
    ['GET /', 404, 'route_not_found'],
    ['GET /api', 404, 'route_not_found'],
    ['GET /api/endpoints/', 404, 'route_not_found'],
    ['GET /api//endpoints', 404, 'route_not_found'],
    [`GET /api/endpoints/${id}/nothing`, 404, 'route_not_found'],
    ['GET /__proto__', 404, 'route_not_found'],
    ['GET /api/endpoints/ep_nope', 404, 'not_found'],
    ['GET /api/endpoints/__proto__', 404, 'not_found'],
    ['GET /api/endpoints/..', 404, 'not_found'],
    [`GET /api/endpoints/${'x'.repeat(5_000)}`, 404, 'not_found'],
    [`GET /api/endpoints/${id}`, 404, 'not_found'],
    [`PATCH /api/endpoints/${id}`, 404, 'not_found'],
    ['GET /api/events/evt_nope', 404, 'not_found'],
    ['GET /api/events/evt_01h455vb4pex5vsknk084sn02q', 404, 'not_found'],
    ['GET /api/deliveries/dlv_x_y', 404, 'not_found'],
    [`GET /api/deliveries/dlv_${id.slice(3)}_${id.slice(3)}`, 404, 'not_found'],
    ['GET /api/applications/Nope', 404, 'not_found'],
    ['GET /api/applications/nope', 404, 'not_found'],
    ['DELETE /api/tokens/tok_nope', 404, 'not_found'],
    ['DELETE /api/endpoints', 405, 'method_not_allowed'],
    ['PUT /api/endpoints', 405, 'method_not_allowed'],
    ['TRACE /api/endpoints', 405, 'method_not_allowed'],
    [`GET /api/endpoints/${id}/pause`, 405, 'method_not_allowed'],
    ['GET /api/events/batch', 405, 'method_not_allowed'],
    ['POST /health', 405, 'method_not_allowed'],
    ['GET /api/endpoints?limit=0', 400, 'invalid_query'],
    ['GET /api/endpoints?limit=101', 400, 'invalid_query'],
    ['GET /api/endpoints?limit=1e1', 400, 'invalid_query'],
    ['GET /api/endpoints?limit=', 400, 'invalid_query'],
    ['GET /api/endpoints?limit=5&limit=6', 400, 'invalid_query'],
    ['GET /api/endpoints?page=2', 400, 'invalid_query'],
    ['GET /api/endpoints?__proto__=2', 400, 'invalid_query'],
    ['GET /health?verbose=1', 400, 'invalid_query'],
    [`GET /api/endpoints/${id}/deliveries?status=lost`, 400, 'invalid_query'],
    ['GET /api/events?type=order.*', 400, 'invalid_query'],
    ['GET /api/events?tag=', 400, 'invalid_query'],
    [`GET /api/events?source=${'x'.repeat(129)}`, 400, 'invalid_query'],
    ['GET /api/events?since=yesterday', 400, 'invalid_query'],
    ['GET /api/events?since=2026-01-01', 400, 'invalid_query'],
    ['GET /api/events?since=2026-13-01T00:00:00Z', 400, 'invalid_query'],
    ['GET /api/events?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z', 400, 'invalid_query'],
    ['GET /api/dead-letters?endpointId=mine', 400, 'invalid_query'],
    ['GET /api/tokens?applicationId=A', 400, 'invalid_query'],
    ['GET /api/endpoints?cursor=', 400, 'invalid_cursor'],
    ['GET /api/endpoints?cursor=nonsense', 400, 'invalid_cursor'],
    ['GET /api/endpoints?cursor=%00%ff', 400, 'invalid_cursor'],
    [`GET /api/endpoints?cursor=${'x'.repeat(5_000)}`, 400, 'invalid_cursor'],
  ] as const)('%.80s is answered %d %s', async (request, status, code) => {
    const body = request.startsWith('PATCH') ? { name: 'x' } : undefined;
    const answer = await api.call(request, { body });
    expectProblem(answer, status, code);
    if (status === 405) expect(answer.headers.allow).toMatch(/\b(?:GET|POST)\b.*OPTIONS$/);
    if (code === 'invalid_query') expect(answer.body.field).toMatch(/^[\w]+$/);
    expect(api.logged).toEqual([]);
  });

  it('with a cursor of another list is refused, even with a valid form', async () => {
    const made = [];
    for (const name of ['one', 'two'])
      made.push(await api.call('POST /api/endpoints', { body: { ...anEndpoint, name } }));
    const { body } = await api.call('GET /api/endpoints?limit=1');
    for (const list of [
      '/api/events',
      '/api/tokens',
      '/api/applications',
      '/api/dead-letters',
      `/api/endpoints/${endpointId}/deliveries`,
    ]) {
      expectProblem(await api.call(`GET ${list}?cursor=${body.nextCursor}`), 400, 'invalid_cursor');
    }
    const [version, digest] = JSON.parse(Buffer.from(body.nextCursor, 'base64url').toString());
    for (const position of ['', '\u0000', 'x'.repeat(2_000), 5, null, {}, '\ud800']) {
      const forged = Buffer.from(JSON.stringify([version, digest, position])).toString('base64url');
      expectProblem(await api.call(`GET /api/endpoints?cursor=${forged}`), 400, 'invalid_cursor');
    }
    for (const { body } of made) await api.call(`DELETE /api/endpoints/${body.id}`);
  });

  it('with a forged position never causes a 500', async () => {
    const { encodeCursor } = await import('#adapters/http-api/cursor.ts');
    const lists: [path: string, list: readonly unknown[]][] = [
      ['/api/endpoints', ['endpoints', 'default']],
      ['/api/events', ['events', 'default', {}]],
      ['/api/tokens', ['tokens', 'default']],
      ['/api/applications', ['applications']],
      ['/api/dead-letters', ['dead-letters', 'default', null]],
      [`/api/endpoints/${endpointId}/deliveries`, ['deliveries', endpointId, null]],
    ];
    for (const [path, list] of lists) {
      for (const position of [
        '~',
        '0',
        'evt_zzz',
        'evt_01h455vb4pex5vsknk084sn02q',
        'ENDPOINT#x',
        '{}',
        'a'.repeat(256),
      ]) {
        const { status } = await api.call(`GET ${path}?cursor=${encodeCursor(list, position)}`);
        expect([200, 400], `${path} ${position}`).toContain(status);
      }
    }
    expect(api.logged).toEqual([]);
  });
});

describe('a token', () => {
  const request = 'GET /api/endpoints';

  it.each([
    ['none', {}, 'token_missing'],
    ['a blank one', { authorization: ' ' }, 'token_missing'],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }, 'token_invalid'],
    ['a bare one', { authorization: 'hk0_x' }, 'token_invalid'],
    ['a made-up one', { authorization: `Bearer ${secret}` }, 'token_invalid'],
    ['two', { authorization: 'Bearer a b' }, 'token_invalid'],
    ['a huge one', { authorization: `Bearer ${'x'.repeat(100_000)}` }, 'token_invalid'],
    ['one with CRLF', { authorization: 'Bearer hk0_x\r\nX: y' }, 'token_invalid'],
  ])('that is %s is answered 401', async (_, headers, code) => {
    const answer = await api.call(request, { token: '', headers });
    expectProblem(answer, 401, code);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="hook0"/);
  });

  it('gets the same 401 whether it is mistyped, unknown or expired', async () => {
    const last = api.operator.slice(-1) === '0' ? '1' : '0';
    const expired = await api.makeTokenFor('default', ['admin'], Date.now() - 3_600_000);
    for (const token of [api.operator.slice(0, -1) + last, api.operator.toLowerCase(), expired]) {
      expectProblem(await api.call(request, { token }), 401, 'token_invalid');
    }
  });

  it('without the scope gets a 403 that names the scope', async () => {
    for (const [scope, refused] of [
      ['read', 'POST /api/endpoints'],
      ['ingest', 'GET /api/endpoints'],
      ['manage', 'GET /api/tokens'],
      ['read', `GET /api/endpoints/${endpointId}/secret`],
    ] as const) {
      const token = await api.makeTokenFor('default', [scope]);
      const answer = await api.call(refused, {
        token,
        body: refused.startsWith('POST') ? anEndpoint : undefined,
      });
      expectProblem(answer, 403, 'scope_missing');
      expect(answer.body.detail).toMatch(/needs the scope (manage|read|admin)/);
    }
    await expectNothingWritten();
  });

  it('is checked before ids, queries and bodies', async () => {
    for (const one of ['GET /api/endpoints/nope', 'GET /api/endpoints?x=1', 'POST /api/endpoints']) {
      expectProblem(await api.call(one, { token: '', text: '{' }), 401, 'token_missing');
    }
  });

  it('can name an application only with the right to use it', async () => {
    const named = (application: string, token = api.operator) =>
      api.call(request, { token, headers: { 'X-Hook0-Application': application } });
    const invalid = await named('No Such!');
    expectProblem(invalid, 400, 'invalid_header');
    expect(invalid.body.field).toBe('x-hook0-application');
    expectProblem(await named('nobody'), 404, 'not_found');
    expectProblem(await named('nobody', await api.makeTokenFor('default', ['admin'])), 404, 'not_found');
    expect((await named('default', await api.makeTokenFor('default', ['admin']))).status).toBe(200);
  });
});
