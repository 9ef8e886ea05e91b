import { oneLine, paint, type Styled } from './style.ts';

export interface Column<Item> {
  readonly heading: string;
  readonly cell: (item: Item) => Styled | string | number | undefined;
  /** Whether the cell may be cut on a narrow terminal. Ids never are. */
  readonly canBeCut?: boolean;
}

export interface TableOptions {
  readonly hasColours: boolean;
  /** Undefined when lines have no end. */
  readonly width: number | undefined;
}

const gap = '  ';
/** A column that is cut keeps at least this many characters. */
const shortest = 12;

/** Writes rows in several parts, below one heading. Columns only grow from part to part. */
export class Table<Item> {
  readonly #columns: readonly Column<Item>[];
  readonly #options: TableOptions;
  #widths: readonly number[] = [];
  #hasHeading = false;

  constructor(columns: readonly Column<Item>[], options: TableOptions) {
    this.#columns = columns;
    this.#options = options;
  }

  /** The lines of these items, and the heading before the first ones. Without items, nothing. */
  lines(items: readonly Item[]): string {
    if (items.length === 0) return '';
    const heading = this.#columns.map((column): Styled => ({ text: column.heading, style: 'dim' }));
    const rows = items.map((item) => this.#columns.map(({ cell }) => styled(cell(item))));
    const all = this.#hasHeading ? rows : [heading, ...rows];
    this.#hasHeading = true;
    this.#widths = this.#columns.map((_, index) =>
      Math.max(this.#widths[index] ?? 0, ...all.map((row) => widthOf(row[index]?.text ?? ''))),
    );
    const widths = fitted(this.#widths, this.#columns, this.#options.width);
    return all.map((row) => `${this.#line(row, widths)}\n`).join('');
  }

  #line(row: readonly Styled[], widths: readonly number[]): string {
    return row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        const text =
          widthOf(cell.text) > width ? `${[...cell.text].slice(0, width - 1).join('')}…` : cell.text;
        const isLast = index === row.length - 1;
        return (
          paint({ ...cell, text }, this.#options.hasColours) +
          (isLast ? '' : ' '.repeat(width - widthOf(text)))
        );
      })
      .join(gap)
      .trimEnd();
  }
}

export type DetailRows = readonly (readonly [name: string, value: Styled | string | number | undefined])[];

/** Two columns: names and their values. Names without a value are left out. */
export function details(rows: DetailRows, hasColours: boolean): string {
  const given = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value: styled(value) }],
  );
  const width = Math.max(0, ...given.map(({ name }) => name.length));
  return given
    .map(
      ({ name, value }) =>
        `${paint({ text: name.padEnd(width), style: 'dim' }, hasColours)}${gap}${paint(value, hasColours)}\n`,
    )
    .join('');
}

function styled(cell: Styled | string | number | undefined): Styled {
  if (typeof cell !== 'object') return { text: cell === undefined ? '' : oneLine(String(cell)) };
  return { ...cell, text: oneLine(cell.text) };
}

/** In characters. Wide characters of Chinese, Japanese and Korean move the columns behind them. */
const widthOf = (text: string): number => [...text].length;

/** Takes what does not fit from the widest columns that may be cut. */
function fitted<Item>(
  widths: readonly number[],
  columns: readonly Column<Item>[],
  available: number | undefined,
): readonly number[] {
  const result = [...widths];
  if (available === undefined) return result;
  const total = () => result.reduce((sum, width) => sum + width, gap.length * (result.length - 1));
  while (total() > available) {
    const widest = columns
      .map(({ canBeCut = false }, index) => ({ index, width: canBeCut ? (result[index] ?? 0) : 0 }))
      .reduce((one, other) => (other.width > one.width ? other : one));
    if (widest.width <= shortest) break;
    result[widest.index] = widest.width - 1;
  }
  return result;
}
