import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vectors } from '#test/support/webhook-vectors.ts';

const page = readFileSync(new URL('../../../docs/signatures.md', import.meta.url), 'utf8');

describe('docs/signatures.md', () => {
  it('lists every vector with its reason, and no other', () => {
    const listed = [...page.matchAll(/^\| (.+) \| (accept|refuse) \| (.+) \|$/gm)].map((row) =>
      row.slice(1, 4),
    );
    expect(listed).toEqual(
      vectors.map(({ name, reason, expected }) => [
        name,
        expected === 'verified' ? 'accept' : 'refuse',
        reason,
      ]),
    );
  });
});
