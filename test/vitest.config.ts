import { execFileSync } from 'node:child_process'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { testSettings } from './support/test-settings.ts'

// The Worker's assets binding needs its folder, also on a clone where nothing was built yet; the example of a client
// its package.
for (const script of ['scripts/build-web.mjs', 'scripts/build-client.mjs']) {
  execFileSync(process.execPath, [script], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** At the same time, of all projects together. Each that tests the Worker has a runtime of its own, which it waits for mostly. */
const WORKERS = 2

/** Files that count all that their runtime does, or call everything: what another one has left to queues would be in it. */
const ALONE = ['test/conformance/{chat-cost,cost,operations}.test.ts']

function inWorkerd(test: { name: string; include: string[]; exclude?: string[]; isolate: boolean }) {
  return {
    plugins: [
      cloudflareTest(async ({ inject }) => ({
        wrangler: { configPath: './wrangler.toml' },
        miniflare: {
          bindings: {
            ...testSettings(),
            CONFORMANCE_CASES: process.env.CONFORMANCE_CASES ?? '',
            CONFORMANCE_SEED: process.env.CONFORMANCE_SEED ?? '',
            CONFORMANCE_ONLY: process.env.CONFORMANCE_ONLY ?? '',
            CHAT_RUNS: process.env.CHAT_RUNS ?? '',
            SEED: process.env.SEED ?? '',
            MIGRATIONS: {
              core: await readD1Migrations('./migrations/core'),
              activity: await readD1Migrations('./migrations/activity'),
              catalog: await readD1Migrations('./migrations/catalog'),
            },
            TEST_UPSTASH: inject('upstash'),
          },
        },
      })),
    ],
    test: {
      ...test,
      globalSetup: ['test/support/node/redis-setup.ts'],
      setupFiles: ['test/support/setup.ts'],
      maxWorkers: WORKERS,
      // For what hangs, and no measure: scenarios of faults go through one verb dozens of times.
      testTimeout: 60_000,
    },
  }
}

/**
 * Two kinds of tests: `workers` and `alone` run inside workerd with real databases, objects and queues; `node` drive
 * the whole thing from outside, some of them in a real browser.
 */
export default defineConfig({
  test: {
    projects: [
      inWorkerd({
        name: 'workers',
        include: ['test/{unit,laws,http,features,durable-objects,conformance,journeys}/**/*.test.ts'],
        exclude: ALONE,
        // Files share a runtime: each begins by emptying its storage (test/support/setup.ts).
        isolate: false,
      }),
      inWorkerd({ name: 'alone', include: ALONE, isolate: true }),
      {
        test: {
          name: 'node',
          include: ['test/{node,web,client,browser}/**/*.test.ts'],
          globalSetup: ['test/support/node/worker-build.ts'],
          maxWorkers: WORKERS,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A page shows some things before the server has heard of them.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
  root: '.',
})
