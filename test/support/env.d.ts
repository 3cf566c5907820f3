import type { D1Migration } from 'cloudflare:test'
import type { Env as WorkerEnv } from '../../src/env.ts'
import type { DatabaseName } from '../../src/platform/db/bookmarks.ts'

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      MIGRATIONS: Record<DatabaseName, D1Migration[]>
      /** A Redis that speaks as Upstash does; null where none is installed. */
      TEST_UPSTASH: { url: string; token: string } | null
      /** Options of a run of test/conformance; empty where none was given. */
      CONFORMANCE_CASES: string
      CONFORMANCE_SEED: string
      CONFORMANCE_ONLY: string
      /** How many random histories of a room, and which one again; empty where none was given. */
      CHAT_RUNS: string
      SEED: string
    }
    interface GlobalProps {
      mainModule: typeof import('../../src/index.ts')
    }
  }
}
