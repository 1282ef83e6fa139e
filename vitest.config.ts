import { defineConfig } from 'vitest/config';

/**
 * Two kinds of tests, two files at a time. `unit` runs in this process's workers. `e2e` starts real servers and browsers, mostly
 * waits for them, and may take longer; it comes after the other.
 */
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    // Nothing is timed here, a condition is awaited: a busy machine may take its time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**'],
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.{ts,tsx}'],
          expect: { poll: { timeout: 60_000 } },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
