import { describe, expect, it } from 'vitest';
import { type ConnectionOptions, connectionOf } from '#sdk/src/cli/shell/connection.ts';
import { savedText } from '#sdk/src/cli/shell/profiles.ts';
import { memoryProfiles, runHook0 } from '#test/support/cli.ts';

const prod = { url: 'https://prod.example.com', token: 'hk0_prod', application: 'acme' };
const test = { url: 'https://test.example.com', token: 'hk0_test' };
const saved = savedText({ current: 'prod', profiles: { prod, test } });
const environment = { HOOK0_URL: 'https://env.example.com', HOOK0_TOKEN: 'hk0_env' };

function connected(options: ConnectionOptions, env = {}, text: string | undefined = saved) {
  const { url, token, application, source } = connectionOf(options, { env, profiles: memoryProfiles(text) });
  return [url, token, application, source];
}

describe('the address and the token', () => {
  it('are those of options, of a named profile, of the environment, of the current profile, in this order', () => {
    const options = { apiUrl: 'https://o.example.com', apiToken: 'hk0_o', application: 'globex' };
    expect(connected(options, environment)).toEqual([options.apiUrl, 'hk0_o', 'globex', '--api-token']);
    expect(connected({ profile: 'test' }, environment)).toEqual([
      test.url,
      test.token,
      undefined,
      'the profile test',
    ]);
    expect(connected({}, environment)).toEqual([environment.HOOK0_URL, 'hk0_env', undefined, 'HOOK0_TOKEN']);
    expect(connected({})).toEqual([prod.url, prod.token, 'acme', 'the profile prod']);
    expect(connected({ application: 'globex' })[2]).toBe('globex');
    expect(connectionOf({}, { env: {}, profiles: memoryProfiles() })).toMatchObject({
      url: undefined,
      token: undefined,
    });
  });

  it('are never mixed, so that no token goes to the address of another', () => {
    expect(connected({}, { HOOK0_URL: 'https://env.example.com' })).toEqual([
      'https://env.example.com',
      undefined,
      undefined,
      'HOOK0_TOKEN',
    ]);
    expect(connected({}, { HOOK0_TOKEN: 'hk0_env' }).slice(0, 2)).toEqual([undefined, 'hk0_env']);
    expect(() => connected({ apiUrl: 'https://evil.example.com' })).toThrow(
      'the token of the profile prod is for https://prod.example.com, and --api-url is https://evil.example.com',
    );
    expect(connected({ apiUrl: prod.url })[1]).toBe('hk0_prod');
  });

  it('say which profile was probably meant, and that a file holds none', async () => {
    expect(() => connected({ profile: 'prd' })).toThrow('there is no profile "prd"; did you mean prod?');
    expect(() => connected({ profile: 'toString' })).toThrow('there is no profile "toString"');
    for (const text of ['{', '[]', '{"profiles":{"a":{"url":1}}}']) {
      expect(() => connected({}, {}, text)).toThrow('profiles.json does not hold profiles');
    }
  });
});

describe('hook0 profiles', () => {
  it('lists them without their tokens, and switches', async () => {
    const profiles = memoryProfiles(saved);
    const { out } = await runHook0(['profiles', 'list'], { profiles });
    expect(out).toMatch(/^prod +yes +https:\/\/prod.example.com +acme$/m);
    expect(out + (await runHook0(['profiles', 'list', '--json'], { profiles })).out).not.toContain('hk0_');
    expect(await runHook0(['profiles', 'use', 'tst'], { profiles })).toMatchObject({
      code: 2,
      err: expect.stringContaining('did you mean test?'),
    });
    expect((await runHook0(['profiles', 'use', 'test'], { profiles })).code).toBe(0);
    expect((await runHook0(['logout'], { profiles })).err).toContain('the profile test is forgotten');
    expect((await runHook0(['logout'], { profiles })).code).toBe(2);
    expect((await runHook0(['logout', '--profile', 'prod'], { profiles })).code).toBe(0);
    expect(profiles.read()).not.toContain('hk0_');
  });
});
