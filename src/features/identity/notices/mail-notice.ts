import { and, eq, isNull } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import type { Db } from '../../../platform/db/store.ts'
import type { EventEnvelope } from '../../../platform/events.ts'
import { composeMail } from '../../../platform/mail/compose.ts'
import type { AccountNoticed } from '../events.ts'
import { users } from '../tables.ts'
import { noticeMail } from './notice-mails.ts'

type Noticed = ReturnType<(typeof AccountNoticed)['payload']['parse']>

/** Mails it to the address that the account has now; nobody is told of an account that is gone. */
export async function mailNotice(ctx: ServiceContext, { id, payload }: EventEnvelope<Noticed>): Promise<void> {
  const owner = await findOwner(ctx.core.db, payload.userId)
  if (!owner) return
  const { APP_NAME, FRONTEND_URL, SUPPORT_ADDRESS } = ctx.settings
  const content = noticeMail(payload, owner, { frontendUrl: FRONTEND_URL, supportAddress: SUPPORT_ADDRESS })
  await ctx.mailer.send(
    composeMail({ address: owner.email, name: owner.firstName }, content, { appName: APP_NAME }),
    `notice:${id}`,
  )
}

async function findOwner(db: Db, userId: string) {
  const [owner] = await db
    .select({ email: users.email, firstName: users.firstName, timezone: users.timezone })
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.deletedAt)))
  return owner
}
