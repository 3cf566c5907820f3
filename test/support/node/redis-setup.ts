import type { TestProject } from 'vitest/node'
import { findRedis } from '../../../scripts/lib/redis.mjs'
import { startRedisBridge, type UpstashAddress } from './redis-bridge.ts'
import { startRedisServer } from './redis-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where Redis is not installed: then the tests that need it are skipped (scripts/test.mjs says so). */
    upstash: UpstashAddress | null
  }
}

/** Before the tests in workerd: a Redis of this run, behind what they take for Upstash. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const program = findRedis()
  project.provide('upstash', null)
  if (!program) return undefined
  const server = await startRedisServer(program)
  const { url, token, close } = await startRedisBridge(server.port)
  project.provide('upstash', { url, token })
  return async () => {
    await close()
    await server.stop()
  }
}
