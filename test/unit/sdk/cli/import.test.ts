import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runHook0 as run } from '#test/support/cli.ts';
import { scriptedApi as api } from '#test/support/scripted-api.ts';

const exportOf = (system: string) =>
  readFileSync(new URL(`../../../vectors/exports/${system}.json`, import.meta.url), 'utf8');

describe('hook0 import', () => {
  const dryRun = (system: string) => ['import', '--from', system, '--file', 'export.json', '--dry-run'];

  it.each(['svix', 'convoy', 'hook0'])(
    'prints what it would create from an export of %s, without a deployment',
    async (system) => {
      const { code, out, err } = await run(dryRun(system), { files: { 'export.json': exportOf(system) } });
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(new RegExp(`^would be created "[^"]+" \\(${system}:`, 'm'));
      expect(out).toContain('    not carried over: ');
      expect(out).toMatch(
        /\d would be created.*; nothing was changed\. To learn what a deployment would refuse, log in or set HOOK0_URL/,
      );
      for (const secret of ['whsec_', 'convoy-secret', 'customers-own-key', '0f8e9d1c'])
        expect(out).not.toContain(secret);
    },
  );

  it('prints a line of JSON for each entry with --json', async () => {
    const { out } = await run([...dryRun('hook0'), '--json'], {
      files: { 'export.json': exportOf('hook0') },
    });
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ what, outcome }) => `${what}: ${outcome}`)).toEqual([
      'event type: would be created',
      'endpoint: would be created',
      'endpoint: would be created',
      'export: left out',
    ]);
  });

  it('says what is wrong with the file without quoting it', async () => {
    const files = { 'export.json': '{"secrets": whsec_secret' };
    expect(await run(dryRun('svix'), { files })).toMatchObject({
      code: 1,
      err: 'error: export.json is not valid JSON\n',
    });
    expect(await run(dryRun('svix'))).toMatchObject({ code: 1, err: 'error: export.json: no such file\n' });
    expect(await run(dryRun('svix'), { files: { 'export.json': exportOf('hook0') } })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^error: export\.json: the export has no "endpoints"; expected/),
    });
  });

  it('asks the deployment during a dry run what it would refuse', async () => {
    const { requests, env } = await api(({ method, url }) => {
      if (method === 'GET') return { status: 200, body: { data: [], nextCursor: null } };
      return url?.startsWith('/api/event-types')
        ? { status: 204 }
        : { status: 400, body: { code: 'validation_failed', detail: 'url: received http; accepted: https' } };
    });
    const { code, out } = await run(dryRun('svix'), { files: { 'export.json': exportOf('svix') }, env });
    expect(code).toBe(1);
    expect(out).toContain('would be refused "Order Processing" (svix:');
    expect(out).toMatch(/3 would be refused; nothing was changed\n$/);
    expect(new Set(requests.map(({ request }) => request))).toEqual(
      new Set([
        'GET /api/endpoints?limit=100',
        'POST /api/event-types?dryRun=true',
        'POST /api/endpoints?dryRun=true',
      ]),
    );
  });

  it('exits with 1 when an endpoint failed, and prints the reason', async () => {
    const { env } = await api(({ method }) =>
      method === 'GET'
        ? { status: 200, body: { data: [], nextCursor: null } }
        : { status: 400, body: { code: 'validation_failed', detail: 'url: received http; accepted: https' } },
    );
    const args = ['import', '--from', 'svix', '--file', 'export.json'];
    const { code, out } = await run(args, { files: { 'export.json': exportOf('svix') }, env });
    expect(code).toBe(1);
    expect(out).toContain(
      'failed "Order Processing" (svix:ep_2aX3kTqKq0bWnmP0c8Y6sVd1uRf): POST /api/endpoints: 400',
    );
    expect(out).toContain('5 failed\n');
  });

  it('says after Ctrl-C how far it came, and goes on when it is run again', async () => {
    const controller = new AbortController();
    const { requests, env } = await api(({ method, url }) => {
      if (method === 'GET') return { status: 200, body: { data: [], nextCursor: null } };
      controller.abort();
      return {
        status: url?.startsWith('/api/event-types') ? 409 : 400,
        body: { code: 'already_exists', detail: 'x' },
      };
    });
    const args = ['import', '--from', 'svix', '--file', 'export.json'];
    const files = { 'export.json': exportOf('svix') };
    const { code, err } = await run(args, { files, env, interrupted: controller.signal });
    expect(code).toBe(130);
    expect(err).toMatch(/^stopped after 1 of 5: 1 already exists\nhint: run the same command again to go on/);
    expect(requests.filter(({ request }) => request.startsWith('POST'))).toHaveLength(1);
  });
});
