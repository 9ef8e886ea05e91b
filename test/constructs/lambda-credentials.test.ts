import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultProvider } from '#lib/constructs/function/lambda-credentials.ts';

afterEach(() => vi.unstubAllEnvs());

describe('credentials of a bundle', () => {
  it('are those that Lambda puts into the environment', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', 'session');

    await expect(defaultProvider()()).resolves.toEqual({
      accessKeyId: 'ASIAEXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: 'session',
    });
  });

  it('may be without a session', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);

    await expect(defaultProvider()()).resolves.toEqual({
      accessKeyId: 'AKIAEXAMPLE',
      secretAccessKey: 'secret',
    });
  });

  it('are missed by name', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);

    await expect(defaultProvider()()).rejects.toThrow('missing AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY');
  });
});
