import { describe, expect, it } from 'vitest';
import { api, apiForEachTest, createEndpoint } from '#test/support/api-fixture.ts';
import { anEndpoint } from '#test/support/api-function.ts';

const started = Date.now();
apiForEachTest({ now: () => started });

describe('the status of an endpoint', () => {
  const act = (id: string, action: string) => api.call(`POST /api/endpoints/${id}/${action}`);

  it('does not change when an action is repeated', async () => {
    const { id } = await createEndpoint();
    for (const [action, status] of [
      ['pause', 'paused'],
      ['resume', 'active'],
      ['disable', 'disabled'],
      ['enable', 'active'],
    ] as const) {
      const first = await act(id, action);
      const second = await act(id, action);
      expect(first).toMatchObject({ status: 200, body: { id, status } });
      expect(second.body).toEqual(first.body);
    }
  });

  it('releases held deliveries once when it is resumed', async () => {
    const { id } = await createEndpoint();
    await act(id, 'resume');
    expect(api.drained).toEqual([]);
    await act(id, 'pause');
    await act(id, 'resume');
    await act(id, 'resume');
    expect(api.drained).toEqual([id]);
  });

  it.each(['pause', 'resume'])('of a disabled endpoint cannot be changed by %s', async (action) => {
    const { id } = await createEndpoint();
    await act(id, 'disable');
    expect(await act(id, action)).toMatchObject({ status: 409, body: { code: 'wrong_state' } });
  });

  it('stays paused when a paused endpoint is enabled', async () => {
    const { id } = await createEndpoint();
    await act(id, 'pause');
    expect((await act(id, 'enable')).body.status).toBe('paused');
  });

  it('accepts no body but {}', async () => {
    const { id } = await createEndpoint();
    expect((await api.call(`POST /api/endpoints/${id}/pause`, { body: {} })).status).toBe(200);
    const refused = await api.call(`POST /api/endpoints/${id}/resume`, { body: { at: 'noon' } });
    expect(refused).toMatchObject({ status: 400, body: { field: 'at' } });
  });
});

describe('endpoints', () => {
  it('are listed page by page, each once', async () => {
    const ids = [];
    for (let index = 0; index < 5; index += 1) ids.push((await createEndpoint()).id);
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const { status, body } = await api.call(`GET /api/endpoints?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      seen.push(...body.data.map((item: { id: string }) => item.id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it('are not found after they were deleted', async () => {
    const { id } = await createEndpoint();
    expect(await api.call(`DELETE /api/endpoints/${id}`)).toMatchObject({ status: 204, text: '' });
    for (const request of [
      `GET /api/endpoints/${id}`,
      `DELETE /api/endpoints/${id}`,
      `POST /api/endpoints/${id}/pause`,
    ]) {
      expect(await api.call(request)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
  });

  it('of another application are not found', async () => {
    const { id } = await createEndpoint();
    await api.call('POST /api/applications', { body: { id: 'other', name: 'Other' } });
    const token = await api.makeTokenFor('other', ['admin']);
    for (const request of [
      `GET /api/endpoints/${id}`,
      `PATCH /api/endpoints/${id}`,
      `DELETE /api/endpoints/${id}`,
      `POST /api/endpoints/${id}/pause`,
      `GET /api/endpoints/${id}/secret`,
      `GET /api/endpoints/${id}/deliveries`,
    ]) {
      const body = request.startsWith('PATCH') ? { name: 'Mine' } : undefined;
      expect(await api.call(request, { token, body })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect((await api.call('GET /api/endpoints', { token })).body.data).toEqual([]);
    expect((await api.call(`GET /api/endpoints/${id}`)).body.name).toBe(anEndpoint.name);
  });
});
