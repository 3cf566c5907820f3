import type { ServiceContext } from '../context.ts'
import { erasePersonFromRooms } from '../features/chat/index.ts'
import { bidFarewell, eraseAccount, finishErasure } from '../features/identity/index.ts'
import { eraseFromReports } from '../features/moderation/index.ts'
import { eraseNotifications } from '../features/notifications/index.ts'
import { eraseBlocks } from '../features/people/index.ts'
import type { Call } from '../platform/call.ts'

export interface ErasureParams {
  userId: string
  /** Of the request that has asked for it: all that is done for it can be found by that. */
  call: Call
}

/** Has a step's effect and remembers its answer under this name: what is remembered is not done again. */
export type DoStep = <T extends string | null>(name: string, work: (ctx: ServiceContext) => Promise<T>) => Promise<T>

export interface ErasureEngine {
  step: DoStep
  /** The same for what must keep nothing else from being done: after a few tries it is told to the log, and left. */
  attempt: (name: string, work: (ctx: ServiceContext) => Promise<void>) => Promise<void>
  wait: (name: string) => Promise<void>
}

/**
 * Erases what is kept of somebody who has given up their account, store by store. Each step may be repeated, whatever
 * it was cut off from. All of it is done twice: what was under way when the account ended has come to rest by then.
 * docs/account-deletion.md says what goes, what stays and why.
 */
export async function runErasure({ step, attempt, wait }: ErasureEngine, userId: string): Promise<void> {
  await attempt('say farewell', (ctx) => bidFarewell(ctx, userId))
  await erase(step, userId, 'first')
  await wait('what was under way')
  await erase(step, userId, 'again')
  await step('finish', (ctx) => quietly(finishErasure(ctx, userId)))
}

async function erase(step: DoStep, userId: string, pass: 'first' | 'again'): Promise<void> {
  await step(`account, ${pass}`, (ctx) => quietly(eraseAccount(ctx, userId)))
  await step(`sockets, ${pass}`, (ctx) => quietly(ctx.userSocket(userId).erase()))
  await step(`sessions, ${pass}`, (ctx) => quietly(ctx.userSessions(userId).erase()))
  await step(`blocks, ${pass}`, (ctx) => quietly(eraseBlocks(ctx, userId)))
  await step(`reports, ${pass}`, (ctx) => quietly(eraseFromReports(ctx, userId)))
  await step(`notifications, ${pass}`, (ctx) => quietly(eraseNotifications(ctx, userId)))
  await step(`catalogue, ${pass}`, (ctx) => quietly(ctx.catalogService.forgetPerson(userId)))
  // Last, as there are many: one that cannot be reached keeps nothing else.
  let room: string | null = null
  for (let page = 1; page === 1 || room !== null; page += 1) {
    const after: string | null = room
    room = await step(`rooms, ${pass}, page ${page}`, (ctx) => erasePersonFromRooms(ctx, userId, after))
  }
}

/** A step remembers nothing of whom it erases. */
async function quietly(work: Promise<unknown>): Promise<null> {
  await work
  return null
}
