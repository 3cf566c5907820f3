import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from 'cloudflare:workers'
import { createSystemContext } from '../compose.ts'
import type { ServiceContext } from '../context.ts'
import type { Env } from '../env.ts'
import { isolateOf } from '../isolate.ts'
import { inCall } from '../platform/call.ts'
import { type ErasureParams, runErasure } from './erasure.ts'

/** Longer than any queue keeps trying, and than isolates remember a session. */
const WAIT = '1 hour'
/** About an hour of trying; after that the hourly cron has it begin again. */
const PATIENCE = { retries: { limit: 10, delay: '5 seconds', backoff: 'exponential' }, timeout: '10 minutes' } as const
/** For what the erasure does not wait for longer: about seven minutes. */
const LITTLE_PATIENCE = {
  retries: { limit: 3, delay: '1 minute', backoff: 'exponential' },
  timeout: '1 minute',
} as const

/** Erases the account of one person, however often its process ends. Its instance is named for the person. */
export class EraseAccount extends WorkflowEntrypoint<Env, ErasureParams> {
  override async run({ payload: { userId, call } }: WorkflowEvent<ErasureParams>, step: WorkflowStep): Promise<void> {
    const isolate = isolateOf(this.env)
    const makeContext = (): ServiceContext =>
      createSystemContext(isolate, this.env, 'erase-account', (work) => this.ctx.waitUntil(work))
    try {
      await runErasure(
        {
          step: (name, work) => step.do(name, PATIENCE, () => inCall(call, () => work(makeContext()))),
          attempt: async (name, work) => {
            try {
              await step.do(name, LITTLE_PATIENCE, () => inCall(call, () => work(makeContext())))
            } catch (error) {
              inCall(call, () => isolate.log.error('Erasure Goes On', { without: name, userId, error }))
            }
          },
          wait: (name) => step.sleep(name, WAIT),
        },
        userId,
      )
    } catch (error) {
      inCall(call, () => isolate.log.error('Erasure Failed', { userId, error }))
      throw error
    }
  }
}
