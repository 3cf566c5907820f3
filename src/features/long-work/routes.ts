import { type Context, Hono } from 'hono'
import type { AppEnv } from '../../http/app-env.ts'
import { contract } from '../../http/contract.ts'
import { linkedEnvelope, linksTo } from '../../http/conventions/resource-links.ts'
import { ok } from '../../http/envelope.ts'
import { cancelOperation, readOperation } from './read-operation.ts'
import { Operation, OperationId } from './schemas.ts'
import { ASK_AGAIN_SECONDS, type ShownOperation } from './view-operation.ts'

const common = { tag: 'Operations', access: 'user', limits: [], cache: 'no-store' } as const

export const longWorkRoutes = new Hono<AppEnv>()
  .get(
    '/:id',
    contract('Read how far long work is', {
      ...common,
      idempotency: 'off',
      description:
        'Of one’s own, and of anybody’s by manage:settings. While it is pending or running, `Retry-After` says when to ask again. `links` lead to what came ' +
        'of it. Kept for a week after its end.',
      cost: { trips: 2, sequential: 1, rowsRead: 30, rowsWritten: 0, hops: 0, sends: 0 },
      param: OperationId,
      answers: { 200: linkedEnvelope(Operation) },
    }),
    async (c) => answer(c, await readOperation(c.get('ctx'), c.req.valid('param').id)),
  )
  .post(
    '/:id/cancel',
    contract('Cancel long work', {
      ...common,
      idempotency: { key: 'optional', store: 'catalog' },
      description:
        'No further page is begun; what was done stays done. 409 where it has ended already. Of one’s own, and of ' +
        'anybody’s by manage:settings, which is audited.',
      cost: { trips: 3, sequential: 2, rowsRead: 50, rowsWritten: 20, hops: 0, sends: 0 },
      param: OperationId,
      answers: { 200: linkedEnvelope(Operation) },
    }),
    async (c) => answer(c, await cancelOperation(c.get('ctx'), c.req.valid('param').id)),
  )

function answer(c: Context<AppEnv>, { operation, actions }: ShownOperation) {
  if ('cancel' in actions) c.header('Retry-After', String(ASK_AGAIN_SECONDS))
  return ok(c, operation, { links: linksTo(c, actions) })
}
