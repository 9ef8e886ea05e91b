import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesArn, matchesWildcard } from '#local/iam/wildcard.ts';

it('matches ARNs segment by segment: a star reaches over no colon but in the last', () => {
  expect(matchesArn('arn:aws:sqs:*:work', 'arn:aws:sqs:us-east-1:000000000000:work')).toBe(false);
  expect(matchesArn('arn:aws:sqs:*:*:work', 'arn:aws:sqs:us-east-1:000000000000:work')).toBe(true);
  expect(matchesArn('arn:aws:secretsmanager:*:*:secret:*', 'arn:aws:secretsmanager:r:a:secret:b:c')).toBe(
    true,
  );
});

it('matches wildcards as the regular expression would', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });
  const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 });
  fc.assert(
    fc.property(text, plain, (pattern, value) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      expect(matchesWildcard(pattern, value)).toBe(expression.test(value));
    }),
  );
});

it('takes time bounded by both lengths, whatever the pattern', () => {
  expect(matchesWildcard(`${'a*'.repeat(50)}b`, 'a'.repeat(20_000))).toBe(false);
});
