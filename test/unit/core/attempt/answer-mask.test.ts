import { describe, expect, it } from 'vitest';
import { maskAnswer } from '#core/attempt/answer-mask.ts';

const headers = {
  authorization: 'Bearer a-long-credential-1234',
  'x-app-id': 'shown-to-everybody',
  'x-pin-key': '1234567',
};
const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'the "old" secret'];

const masked = (responseBody: string, responseHeaders: Record<string, string> = {}) => {
  const answered = { kind: 'answered', statusCode: 200, duration: 1, responseBody, responseHeaders } as const;
  const result = maskAnswer(answered, headers, secrets);
  return result.kind === 'answered' ? result : undefined;
};

describe('an answer that echoes its request', () => {
  it.each([
    ['{"authorization":"Bearer a-long-credential-1234"}', '{"authorization":"****"}'],
    ['got a-long-credential-1234, a-long-credential-1234', 'got ****, ****'],
    ['signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'signed with ****'],
    ['key MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'key ****'],
    [String.raw`{"secret":"the \"old\" secret"}`, '{"secret":"****"}'],
    ['cut off: Bearer a-long-cre', 'cut off: ****'],
    ['cut off: a-long-c', 'cut off: ****'],
  ])('shows none of the credentials that it was sent with: %s', (body, shown) => {
    expect(masked(body)?.responseBody).toBe(shown);
  });

  it('shows them in no header either', () => {
    const echo = { 'x-echo': 'a-long-credential-1234', server: 'x' };
    expect(masked('', echo)?.responseHeaders).toEqual({ 'x-echo': '****', server: 'x' });
  });

  it.each(['shown-to-everybody', '1234567', 'a-long', '', 'fine'])(
    'keeps what is no credential, or too short to be told from text: %s',
    (body) => {
      expect(masked(body)?.responseBody).toBe(body);
    },
  );
});
