import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { DatabaseName } from '../../platform/db/bookmarks.ts'
import { AlreadyDone } from '../../platform/db/commit.ts'
import { Refusal } from '../../platform/errors.ts'
import { type Attempt, makeAttempt } from '../../platform/idempotency/idempotency.ts'
import { findRemembered } from '../../platform/idempotency/remembered.ts'
import type { AppEnv } from '../app-env.ts'
import { entityTag } from '../conventions/preconditions.ts'
import { linksTo } from '../conventions/resource-links.ts'
import { ok } from '../envelope.ts'

/** Whether a POST takes an `Idempotency-Key`, and which store keeps its answers. */
export type IdempotencyPolicy = 'off' | { key: 'required' | 'optional'; store: DatabaseName | 'object' }

const HEADER = 'Idempotency-Key'

/**
 * Makes a repeat of a request the same as one. The first time costs no read: the verb puts the key's row into the
 * batch of its effect. Only when that row is there already, or the verb refuses what it may have done before, is it
 * read, and its answer given again. An object looks by itself.
 */
export function replay({ key: demand, store }: Exclude<IdempotencyPolicy, 'off'>) {
  return createMiddleware<AppEnv>(async function replayRepeated(c, next) {
    const key = c.req.header(HEADER)
    if (key === undefined) {
      if (demand === 'optional') return next()
      throw new Refusal('IDEMPOTENCY_KEY_REQUIRED', `Send an ${HEADER}, a UUID of your own, with this request`, {
        fields: [{ field: HEADER, message: 'Required' }],
      })
    }
    const ctx = c.get('ctx')
    const attempt = await makeAttempt({
      key,
      userId: ctx.actor.kind === 'user' ? ctx.actor.userId : '',
      route: c.get('matched')?.route ?? '',
      path: c.req.path,
      input: { query: c.req.query(), json: c.req.valid('json' as never) ?? null },
    })
    ctx.idempotency.begin(attempt)
    await next()
    if (c.error !== undefined) await answerAgain(c, store, attempt, c.error)
    else if (ctx.idempotency.isReplayed) c.res.headers.set('Idempotency-Replayed', 'true')
    else if (ctx.idempotency.isForgotten) throw new Error(`${c.get('matched')?.route} keeps no answer for its repeats`)
  })
}

/** Puts the answer of the first time in place of the error of this one, if there is one. */
async function answerAgain(
  c: Context<AppEnv>,
  store: DatabaseName | 'object',
  attempt: Attempt,
  error: unknown,
): Promise<void> {
  if (store === 'object' || !mayBeRepeat(error)) return
  const remembered = await findRemembered(c.get('ctx')[store].db, attempt, c.get('isolate').clock())
  if (!remembered) return
  await c.get('ctx').authorized()
  c.error = undefined
  // The headers of the error's answer go on into this one.
  c.header('Retry-After', undefined)
  c.header('Idempotency-Replayed', 'true')
  const { version, view, actions } = remembered.shown ?? {}
  c.res = ok(c, remembered.data, {
    status: remembered.status as 200,
    ...(version !== undefined && { etag: entityTag(version, view) }),
    ...(actions && { links: linksTo(c, actions) }),
  })
}

/** A verb that had its effect before may well refuse to have it again. */
function mayBeRepeat(error: unknown): boolean {
  return error instanceof AlreadyDone || (error instanceof Refusal && REPEATABLE.has(error.code))
}

const REPEATABLE: ReadonlySet<string> = new Set([
  'NOT_FOUND',
  'CONFLICT',
  'EMAIL_TAKEN',
  'UNPROCESSABLE',
  'PRECONDITION_FAILED',
])
