import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkResolved } from '#core/outbound/resolved-addresses.ts';
import { localPolicy, strictPolicy } from '#core/outbound/target-url.ts';

const withIpv6 = { ...strictPolicy, allowIpv6: true };

describe('checkResolved', () => {
  it('accepts public addresses, IPv4 first', () => {
    const result = checkResolved(
      'h.example',
      ['2606:4700::1', '8.8.8.8', '2606:4700::2', '1.1.1.1'],
      withIpv6,
    );
    expect(result).toEqual({ ok: true, addresses: ['8.8.8.8', '1.1.1.1', '2606:4700::1', '2606:4700::2'] });
  });

  it('refuses the name when one address among many is refused, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['8.8.8.8', '1.1.1.1', '2606:4700::1']),
        fc.nat(3),
        (fine, position) => {
          const addresses = fine.toSpliced(Math.min(position, fine.length), 0, '169.254.169.254');
          const result = checkResolved('h.example', addresses, strictPolicy);
          expect(result).toMatchObject({ ok: false, code: 'forbidden_address' });
          expect(result.ok ? '' : result.message).toContain('h.example resolves to a link-local address');
        },
      ),
    );
  });

  it('refuses a rebound answer that a first answer had looked fine', () => {
    expect(checkResolved('h.example', ['8.8.8.8'], strictPolicy).ok).toBe(true);
    expect(checkResolved('h.example', ['127.0.0.1'], strictPolicy).ok).toBe(false);
  });

  it('gives at most four addresses to try, IPv4 first, and checks all', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `8.8.${Math.floor(i / 256)}.${i % 256}`);
    const addresses = ['2606:4700::1', '2606:4700::2', ...many];
    expect(checkResolved('h.example', addresses, strictPolicy)).toEqual({
      ok: true,
      addresses: ['8.8.0.0', '8.8.0.1', '8.8.0.2', '8.8.0.3'],
    });
    expect(checkResolved('h.example', [...addresses, '10.0.0.1'], strictPolicy).ok).toBe(false);
  });

  it('gives no IPv6 address where the deployment reaches none, and says so if there is no other', () => {
    const both = ['2606:4700::1', '8.8.8.8'];
    expect(checkResolved('h.example', both, strictPolicy)).toEqual({ ok: true, addresses: ['8.8.8.8'] });
    expect(checkResolved('h.example', ['2606:4700::1'], strictPolicy)).toEqual({
      ok: false,
      code: 'ipv6_only',
      message: 'h.example resolves to IPv6 addresses only, and this deployment sends over IPv4 only',
    });
    // Addresses that are not used are checked as well.
    expect(checkResolved('h.example', ['8.8.8.8', '::1'], strictPolicy)).toMatchObject({
      code: 'forbidden_address',
    });
  });

  it('refuses a name without addresses', () => {
    expect(checkResolved('h.example', [], localPolicy)).toMatchObject({ ok: false, code: 'no_address' });
  });
});
