import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['test/support/synth.ts'],
    include: ['test/**/*.test.ts'],
    // A loaded 2-core machine is the slowest place these run: a test that waits for a condition may need this long.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Of two cores vitest would use one. The long tests mostly wait, so that three of them keep two cores busy.
    maxWorkers: '150%',
    sequence: { shuffle: true },
  },
});
