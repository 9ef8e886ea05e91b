import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '#core/outbound/retry-after.ts';

const now = Date.UTC(2026, 10, 24, 16, 0, 0);

describe('parseRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 120 ', 120_000],
    ['00120', 120_000],
    ['Tue, 24 Nov 2026 16:02:00 GMT', 120_000],
    ['Tuesday, 24-Nov-26 16:02:00 GMT', 120_000],
    ['Tue Nov 24 16:02:00 2026', 120_000],
    ['Tue Dec  1 16:00:00 2026', 7 * 86_400_000],
    ['Tue, 24 Nov 2026 16:00:60 GMT', 60_000],
    ['1.5', 1500],
    ['0.0001', 1],
    ['120.000', 120_000],
  ])('reads %j', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  it.each([
    ['120, 120', 120_000],
    ['60, 120', 120_000],
    ['120,60', 120_000],
    ['0.5, 1.5', 1500],
    ['soon, 7', 7000],
    ['60, Tue, 24 Nov 2026 16:02:00 GMT', 120_000],
    ['Tue, 24 Nov 2026 16:02:00 GMT, 60', 120_000],
    ['Tue, 24 Nov 2026 16:01:00 GMT, Tuesday, 24-Nov-26 16:02:00 GMT', 120_000],
    ['Tue Nov 24 16:02:00 2026, Tue, 24 Nov 2026 15:59:00 GMT', 120_000],
  ])('takes the longest wait of %j', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  it('waits no time for a date that has passed', () => {
    expect(parseRetryAfter('Tue, 24 Nov 2026 15:59:59 GMT', now)).toBe(0);
    expect(parseRetryAfter('Sunday, 06-Nov-94 08:49:37 GMT', now)).toBe(0);
  });

  it.each([
    undefined,
    '',
    'soon',
    '-1',
    '.5',
    '1.',
    '1.2.3',
    ',',
    'soon, later',
    '1e3',
    '0x10',
    '٣',
    '120s',
    '2026-11-24T16:02:00Z',
    'Tue, 24 Nov 2026 16:02:00',
    'Tue, 24 Nov 2026 16:02:00 CET',
    'Tue, 31 Feb 2026 16:02:00 GMT',
    'Tue, 24 Nov 2026 25:00:00 GMT',
    'Tue, 24 Nov 2026 16:60:00 GMT',
    'Tue, 00 Nov 2026 16:00:00 GMT',
    '24 Nov 2026 16:02:00 GMT',
  ])('ignores %j', (header) => {
    expect(parseRetryAfter(header, now)).toBeUndefined();
  });

  it('reads back every date that a server may send', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date(Date.UTC(9999, 11, 31)), noInvalidDate: true }),
        (date) => {
          const seconds = Math.floor(date.getTime() / 1000) * 1000;
          expect(parseRetryAfter(date.toUTCString(), now)).toBe(Math.max(0, seconds - now));
        },
      ),
    );
  });

  it('answers a safe whole number for any number of digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9]{1,400}$/), (digits) => {
        expect(Number.isSafeInteger(parseRetryAfter(digits, now))).toBe(true);
      }),
    );
  });
});
