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

  const token = 'a-long-credential-1234';
  const quoted = 'the "old" secret';
  const base64 = (text: string) => Buffer.from(text).toString('base64');

  it.each([
    [`?token=${encodeURIComponent(`Bearer ${token}`)}`, '?token=****'],
    [`?q=${encodeURIComponent(quoted)}`, '?q=****'],
    [`?q=${encodeURIComponent(quoted).toLowerCase()}`, '?q=****'],
    [`q=${new URLSearchParams({ q: quoted }).toString().slice(2)}&b=1`, 'q=****&b=1'],
    [[...token].map((c) => `%${c.charCodeAt(0).toString(16)}`).join(''), '****'],
    [`cut off: ${encodeURIComponent(quoted).slice(0, 15)}`, 'cut off: ****'],
  ])('shows none that it wrote percent-encoded: %s', (body, shown) => {
    expect(masked(body)?.responseBody).toBe(shown);
  });

  it.each(['', 'x', 'xy', 'xyz', '{"h":"', 'authorization: '])(
    'shows none that it wrote in base64 after %j',
    (before) => {
      const text = `${before}${token}${before}`;
      for (const written of [base64(text), Buffer.from(text).toString('base64url')]) {
        const shown = masked(`dump ${written} end`)?.responseBody ?? '';
        expect(shown).toMatch(/^dump .{0,24}\*{4}.{0,24} end$/);
        // What is left at the ends holds at most a few bits of the credential.
        const [left = '', right = ''] = shown.slice(5, -4).split('****');
        expect(Buffer.from(left, 'base64').toString().length).toBeLessThanOrEqual(before.length + 1);
        expect(Buffer.from(right, 'base64').length).toBeLessThanOrEqual(before.length + 2);
      }
    },
  );

  it('shows none of a name and password that it decoded', () => {
    const own = { authorization: `Basic ${base64('shop:correct horse')}` };
    const responseBody = 'hello shop:correct horse, your password correct horse is right';
    const result = {
      kind: 'answered',
      statusCode: 200,
      duration: 1,
      responseBody,
      responseHeaders: {},
    } as const;

    expect(maskAnswer(result, own, [])).toMatchObject({
      responseBody: 'hello ****, your password **** is right',
    });
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
