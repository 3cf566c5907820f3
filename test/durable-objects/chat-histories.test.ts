import { env } from 'cloudflare:workers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { SECOND_MS } from '../../src/platform/clock.ts'
import { createApi } from '../support/api.ts'
import { runHistory } from '../support/chat/history-run.ts'
import { holdQueues } from '../support/held-queues.ts'
import { hurryTicks, type ShiftedTime, shiftTime } from '../support/shifted-time.ts'

/** `CHAT_RUNS=1000 npm test -- chat-histories` for more, `SEED=7 npm test -- chat-histories` for one of them again. */
const runs = env.SEED === '' ? Number(env.CHAT_RUNS) || 30 : 1
const first = env.SEED === '' ? Math.floor(Math.random() * 1e9) : Number(env.SEED)
const RUN_AT_MOST_MS = 30 * SECOND_MS

const api = createApi()
const queues = holdQueues()
let time: ShiftedTime
beforeAll(() => {
  time = shiftTime()
  hurryTicks()
  // Crashes on purpose are told of as they should be.
  for (const level of ['error', 'warn'] as const) vi.spyOn(console, level).mockImplementation(() => undefined)
})
afterAll(() => {
  vi.restoreAllMocks()
})

describe(`a room in ${runs} random histories, in which it sleeps, crashes and loses connections (SEED=${first})`, () => {
  it(
    'loses nothing, doubles nothing, leaves no gap and tells everybody the same (R13.12, R13.24, R13.29)',
    async () => {
      let done = 0
      for (; done < runs; done += 1) await runHistory({ api, queues, time }, first + done)
      expect(done).toBe(runs)
    },
    runs * RUN_AT_MOST_MS,
  )
})
