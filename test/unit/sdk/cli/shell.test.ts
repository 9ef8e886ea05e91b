import { describe, expect, it } from 'vitest';
import { oneLine, paint, wantsColours } from '#sdk/src/cli/shell/style.ts';
import { details, Table } from '#sdk/src/cli/shell/table.ts';
import { durationOf, listOf, timeOf } from '#sdk/src/cli/shell/values.ts';

const plain = { hasColours: false, width: undefined };

describe('a table', () => {
  const columns = [
    { heading: 'ID', cell: ({ id }: { id: string; note: string }) => id },
    { heading: 'NOTE', cell: ({ note }: { id: string; note: string }) => note, canBeCut: true },
    { heading: 'END', cell: () => 'x' },
  ];

  it('has a heading once, and columns below each other', () => {
    const table = new Table(columns, plain);
    expect(table.lines([{ id: 'a', note: 'first' }])).toBe('ID  NOTE   END\na   first  x\n');
    expect(table.lines([{ id: 'long', note: '' }])).toBe('long         x\n');
    expect(table.lines([])).toBe('');
  });

  it('cuts what may be cut on a narrow terminal, and ids never', () => {
    const table = new Table(columns, { hasColours: false, width: 40 });
    const id = 'dlv_01h455vb4pex5vsknk084sn02q';
    const [, row = ''] = table.lines([{ id, note: 'connect ECONNREFUSED 127.0.0.1:9' }]).split('\n');
    expect(row).toBe(`${id}  connect ECO…  x`);
  });

  it('shows what other people wrote as one harmless line', () => {
    const table = new Table([{ heading: 'NAME', cell: (name: string) => name }], plain);
    expect(table.lines(['\u001b]0;title\u0007\u001b[2Jgone\nnext'])).toBe('NAME\n�]0;title��[2Jgone next\n');
    expect(
      details(
        [
          ['Body', 'a\r\u001b[1Ab'],
          ['None', undefined],
        ],
        false,
      ),
    ).toBe('Body  a �[1Ab\n');
    expect(oneLine('\u202eevil')).toBe('�evil');
  });

  it('has colours that do not move the columns', () => {
    const cell = (text: string) => ({ text, style: 'red' as const });
    const table = new Table(
      [
        { heading: 'A', cell },
        { heading: 'B', cell },
      ],
      { hasColours: true, width: undefined },
    );
    expect(table.lines(['xy']).split('\n')[1]).toBe('\u001b[31mxy\u001b[39m  \u001b[31mxy\u001b[39m');
    expect(paint({ text: 'xy', style: 'red' }, false)).toBe('xy');
  });
});

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('with %j and a terminal: %s, colours are on: %s', (env, isTerminal, expected) => {
  expect(wantsColours(env, isTerminal)).toBe(expected);
});

describe('the values of options', () => {
  it('are durations with a unit', () => {
    expect(['500ms', '10s', '1.5m', '2h', '1d'].map(durationOf)).toEqual([
      500, 10_000, 90_000, 7_200_000, 86_400_000,
    ]);
    for (const text of ['10', 's', '-1s', '1w', ''])
      expect(() => durationOf(text)).toThrow('Expected a duration');
  });

  it('are times, or how long ago', () => {
    const time = timeOf(() => Date.parse('2026-01-02T00:00:00Z'));
    expect(time('1d')).toBe('2026-01-01T00:00:00.000Z');
    expect(time('2026-01-31T12:00:00+01:00')).toBe('2026-01-31T11:00:00.000Z');
    for (const text of ['yesterday', '2026', '12:00', '2026-02-30', '2026-02-30T12:00:00Z'])
      expect(() => time(text)).toThrow('Expected a time');
  });

  it('are lists, by commas and by repetition', () => {
    expect(listOf('c', listOf('a, b', undefined))).toEqual(['a', 'b', 'c']);
  });
});
