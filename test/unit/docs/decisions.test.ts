import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../../docs/adr/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const records = readdirSync(folder).filter((name) => /^(?!0000)\d{4}-/.test(name));

const form =
  /^---\nstatus: (?:proposed|accepted|superseded by \d+)\ndate: \d{4}-\d\d-\d\d\ndecision: (?<decision>.+)\n(?:supersede[a-z-]+: .+\n)?---\n\n# (?<number>\d+)\. (?<title>.+)\n/;

const rows = new Map(
  read('README.md')
    .split('\n')
    .map((row) => [/^\| (\d+) \|/.exec(row)?.[1], row]),
);

describe('the decisions', () => {
  it.each(records)('%s has a status, a date, one line, and a row in the index', (name) => {
    const { decision, number, title } = form.exec(read(name))?.groups ?? {};
    expect(Number(number)).toBe(Number(name.slice(0, 4)));
    expect(rows.get(number)).toContain(`[${title}](${name}). ${decision} |`);
  });
});
