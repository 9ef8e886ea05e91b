import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutations } from '#test/mutations/mutations.ts';
import { placesOf } from '#test/support/mutation-places.ts';
import { mutationPlanner } from '#test/support/mutation-plan.ts';

// `npm run mutate` shows that the tests notice these changes, which takes long. Here one sees that each change can still
// be made, and that its test is there.
describe('a change that breaks a promise has one place and one test', () => {
  const plan = mutationPlanner(fileURLToPath(new URL('../..', import.meta.url)));

  it.each(mutations)('$promise: $breaks', (mutation) => {
    expect(() => plan(mutation)).not.toThrow();
  });
});

describe('the place of a change', () => {
  const path = 'core/retry/delay.ts';
  const placesIn = (source: string, symbol: string, from: string) =>
    placesOf({ symbol, from }, [{ path, source }]).map(({ start, end }) => source.slice(start, end));

  it.each([
    ['another layout', 'f(a, b)', 'f(\n  a,\n  b,\n)'],
    ['comments', 'a; b', 'a; // é\n /* b */ b'],
    ['strings that look like comments', "g('//', a)", "g('//',\n a)"],
    ['regular expressions that look like strings', "h(/'[/]/, '/')", "h(/'[/]/,  '/')"],
    ['templates in templates', `i(\`\${j(\`}\`)}\`)`, `i(\`\${ j(\`}\`) }\`)`],
  ])('is found in spite of %s', (_, from, source) => {
    expect(placesIn(`function delay() { const before = 'é' / 2; ${source}; }`, 'delay', from)).toEqual([
      source,
    ]);
  });

  it('is not found outside its symbol', () => {
    const source = 'const other = () => wait(1);\nexport function delay() { return wait(2); }';
    expect(placesIn(source, 'delay', 'wait(1)')).toEqual([]);
    expect(placesIn(source, 'delay', 'wait(2)')).toEqual(['wait(2)']);
  });

  it('is any symbol of that name, however deep, unless the names around it are given', () => {
    const source =
      'const a = { run: () => x };\nfunction b() { const c = () => ({ run() { x; } }); return c; }';
    expect(placesIn(source, 'run', 'x')).toHaveLength(2);
    expect(placesIn(source, 'a.run', 'x')).toHaveLength(1);
    expect(placesIn(source, 'b.c.run', 'x')).toHaveLength(1);
    expect(placesIn(source, 'delay.run', 'x')).toHaveLength(2);
    expect(placesIn(source, 'elsewhere.run', 'x')).toEqual([]);
  });
});
