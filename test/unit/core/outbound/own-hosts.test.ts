import { describe, expect, it } from 'vitest';
import { leadsToAny } from '#core/outbound/own-hosts.ts';

const own = ['https://abc.execute-api.eu-west-1.amazonaws.com', 'hooks.example.com', 'http://127.0.0.1:3000'];

describe('a URL leads to this API', () => {
  it.each([
    'https://abc.execute-api.eu-west-1.amazonaws.com/api/events',
    'https://ABC.Execute-API.eu-west-1.amazonaws.com:8443/',
    'https://hooks.example.com/api/events?x=1',
    'https://hooks。example。com/',
    'http://127.0.0.1:3000/api/events',
    'http://localhost:3000/',
    'http://[::1]:3000/',
    'http://2130706433:3000/',
    'http://127.9.9.9:3000/',
  ])('as %s', (url) => {
    expect(leadsToAny(own, url)).toBe(true);
  });

  it.each([
    'https://xabc.execute-api.eu-west-1.amazonaws.com/',
    'https://example.com/hooks.example.com',
    'https://sub.hooks.example.com/',
    'http://127.0.0.1:3001/',
    'http://127.0.0.1/',
  ])('not as %s', (url) => {
    expect(leadsToAny(own, url)).toBe(false);
  });

  it('also by the host of a request, with and without its port, unless that is no host', () => {
    expect(leadsToAny(['localhost:3000'], 'http://127.0.0.1:3000/')).toBe(true);
    expect(leadsToAny(['api.example.com'], 'https://api.example.com/')).toBe(true);
    expect(leadsToAny(['', 'a b', '%'], 'https://api.example.com/')).toBe(false);
  });
});
