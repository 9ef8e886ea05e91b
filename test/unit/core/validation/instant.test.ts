import { describe, expect, it } from 'vitest';
import { compareInstants, parseInstant } from '#core/validation/instant.ts';

describe('a time', () => {
  it.each([
    ['2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T21:00:00+09:00', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00Z', Date.UTC(2026, 0, 31, 12)],
    ['2026-01-31T12:00:00.123456789-00:30', Date.UTC(2026, 0, 31, 12, 30, 0, 123)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['0050-03-01T00:00:00Z', Date.parse('0050-03-01T00:00:00Z')],
  ])('%s is read', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29T12:00:00+09:00',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:00',
    '2026-01-31',
    '31 January 2026',
  ])('%s is not one', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('is before, at or after another, whatever their zones', () => {
    expect(compareInstants('2026-01-31T21:00:00+09:00', '2026-01-31T12:00:00Z')).toBe(0);
    expect(compareInstants('2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500000000Z')).toBe(0);
    expect(compareInstants('2026-01-31T12:00:00.0000001Z', '2026-01-31T12:00:00Z')).toBeGreaterThan(0);
    expect(compareInstants('2026-01-31T12:00:00Z', '2026-01-31T12:00:00-01:00')).toBeLessThan(0);
    expect(compareInstants('2026-02-30T12:00:00Z', '2026-01-31T12:00:00Z')).toBeUndefined();
  });
});
