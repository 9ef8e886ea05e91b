import { describe, expect, it } from 'vitest';
import { allows, permits, resolveApplication } from '#core/token/authorize.ts';
import { capabilities } from '#core/token/capability.ts';
import { scopes } from '#core/token/token.ts';

describe('scopes', () => {
  it.each([
    ['admin', ['admin', 'manage', 'ingest', 'read']],
    ['manage', ['manage', 'read']],
    ['ingest', ['ingest']],
    ['read', ['read']],
  ] as const)('%s allows %j and nothing else', (granted, allowed) => {
    expect(scopes.filter((needed) => allows([granted], needed))).toEqual(allowed);
  });

  it('add up, and no scope allows nothing', () => {
    expect(allows(['ingest', 'read'], 'read')).toBe(true);
    expect(allows(['ingest', 'read'], 'manage')).toBe(false);
    expect(scopes.some((needed) => allows([], needed))).toBe(false);
  });
});

describe('capabilities', () => {
  it('allow requests that need them, and requests that need none are closed to portals', () => {
    for (const needed of capabilities) {
      const others = capabilities.filter((one) => one !== needed);
      expect(permits([needed], needed)).toBe(true);
      expect(permits(others, needed)).toBe(false);
    }
    expect(permits(capabilities, undefined)).toBe(false);
  });
});

describe('the application of a request', () => {
  it.each([
    ['acme', undefined, 'acme'],
    ['acme', 'acme', 'acme'],
    ['acme', 'globex', undefined],
    ['acme', '*', undefined],
    ['*', undefined, 'default'],
    ['*', 'globex', 'globex'],
    ['*', '*', undefined],
    ['*', '', undefined],
    ['*', 'acme#0', undefined],
  ])('of a token for %s with the header %s is %s', (applicationId, header, expected) => {
    const resolved = resolveApplication({ applicationId }, header);
    expect(resolved).toEqual(
      expected === undefined ? { kind: 'not-found' } : { kind: 'application', applicationId: expected },
    );
  });
});
