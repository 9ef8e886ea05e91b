import { describe, expect, it } from 'vitest';
import { secretLoopback } from '#local/engines/dynoxide.ts';
import { foreignRequest } from '#local/net/foreign.ts';

describe('a request to the local run', () => {
  it.each(['127.0.0.1:4000', '127.0.0.1', '127.3.2.1:80', 'localhost:4000', 'LOCALHOST', '[::1]:4000'])(
    'comes from a program when its host is %s',
    (host) => {
      expect(foreignRequest({ host })).toBeUndefined();
    },
  );

  it.each([
    'evil.example:4000',
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:4000',
    'app.localhost:4000',
    '10.0.0.1:4000',
    '0.0.0.0:4000',
    '127.0.0.1:4000@evil.example',
    'x127.0.0.1',
    '',
  ])('comes from a page when its host is %j', (host) => {
    expect(foreignRequest({ host })).toBe(`Host ${JSON.stringify(host)}`);
  });

  it('comes from a page when it has no host or any origin', () => {
    expect(foreignRequest({})).toBe('Host ""');
    for (const origin of [
      'https://evil.example',
      'http://127.0.0.1:4000',
      'http://localhost:3000',
      'null',
      '',
    ])
      expect(foreignRequest({ host: '127.0.0.1:4000', origin })).toBe(`Origin ${JSON.stringify(origin)}`);
  });
});

describe('the address of the DynamoDB engine', () => {
  it('is a loopback address that cannot be guessed', () => {
    expect(secretLoopback('linux', Buffer.from([7, 8, 9]))).toBe('127.8.8.10');
    expect(secretLoopback('linux', Buffer.from([255, 255, 255]))).toBe('127.2.255.2');
    expect(secretLoopback('linux', Buffer.from([0, 0, 0]))).toBe('127.1.0.1');
  });

  it('is the only one that macOS has', () => {
    expect(secretLoopback('darwin', Buffer.from([7, 8, 9]))).toBe('127.0.0.1');
  });
});
