import { describe, expect, it } from 'vitest';
import { answersOf, fingerprintOf, isInstalled, languages } from '#test/support/receiver-snippets.ts';
import { vectors } from '#test/support/webhook-vectors.ts';
import checked from '#test/vectors/receivers/checked.json' with { type: 'json' };

const expected = vectors.map(({ name, expected: outcome }) => [name, outcome === 'verified']);

describe('the functions of docs/signatures.md', () => {
  it.each(languages)('that of $name is the one that was run on the vectors', (language) => {
    const record = checked.find(({ name }) => name === language.name);
    // To run a changed function and record it: npm run check:receivers
    expect(record).toMatchObject({ fingerprint: fingerprintOf(language), by: expect.stringMatching(/\d/) });
  });

  it.each(languages.filter(isInstalled))('that of $name answers as the vectors say', (language) => {
    const answers = answersOf(language);
    expect(vectors.map(({ name }, index) => [name, answers[index]])).toEqual(expected);
  });
});
