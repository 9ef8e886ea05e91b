import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskUrl } from '#core/outbound/url-mask.ts';

describe('a URL for callers who may only read it', () => {
  it.each([
    [
      'https://hooks.slack.com/services/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',
      '/services/T024BE7LD/B0JQ3F9PT/****d8Mf',
    ],
    [
      'https://discord.com/api/webhooks/1100000000000000000/aB3-dE5_gH7iJ9kL1mN3oP5qR7sT9uV1wX3yZ5',
      '/api/webhooks/1100000000000000000/****3yZ5',
    ],
    ['https://a.example/in?token=abc', '/in?token=****'],
    ['https://a.example/in?api_key=0123456789abcdefghij&team=sales', '/in?api_key=****ghij&team=sales'],
    ['https://a.example/in?sig=Zm9vYmFyMTIzNDU2Nzg5', '/in?sig=****Nzg5'],
    ['https://a.example/in?%74oken=abc', '/in?%74oken=****'],
    ['https://a.example/token/abc/rest', '/token/****/rest'],
    ['https://a.example/x/sk_live_abc', '/x/****'],
    ['https://a.example/forward/https://shop:pass@b.example/x', '/forward/https://shop:****@b.example/x'],
    ['https://a.example/in?to=https://shop:pass@b.example', '/in?to=https://shop:****@b.example'],
    [
      'https://a.example/in?to=https%3A%2F%2Fshop%3Apass%40b.example',
      '/in?to=https%3A%2F%2Fshop%3A****%40b.example',
    ],
    ['https://a.example/in?0123456789abcdefghij', '/in?****ghij'],
  ])('shows no secret of %s', (url, rest) => {
    expect(maskUrl(url)).toBe(new URL(url).origin + rest);
  });

  it.each([
    'https://a.example/',
    'https://a.example/webhooks/orders',
    'https://a.example/api/v2/webhook-endpoint-for-production',
    'https://a.example/tenants/42/orders?region=eu-west-1&format=json',
    'https://a.example/tokenization/orders',
    'https://a.example/in?a=%ZZ&b',
  ])('stays as it is where it holds none: %s', (url) => {
    expect(maskUrl(url)).toBe(url);
  });

  it('keeps scheme, host and port, and is a URL again', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, validSchemes: ['https'] }), (url) => {
        expect(new URL(maskUrl(url)).origin).toBe(new URL(url).origin);
      }),
    );
  });
});
