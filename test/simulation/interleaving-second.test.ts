import { describe, it } from 'vitest';
import { expectWell } from './interleaving/seeds.ts';

describe('whatever else happens at the same time', () => {
  it.each(Array.from({ length: 20 }, (_, part) => 1000 + part * 50))(
    'every promise holds, for 50 seeds after %i',
    async (from) => {
      await expectWell(from + 1, 50);
    },
  );
});
