import { and, desc, eq, gt } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { DAY_MS, isoTime } from '../../platform/clock.ts'
import { audit } from '../../platform/db/platform-tables.ts'
import type { ActivityReport } from './schemas.ts'

const REPORTED = { registrations: 'USER_REGISTERED', signIns: 'SIGNED_IN' } as const
/** The newest of each kind; beyond that the oldest days of a busy month are not told. */
const MOST_ACTS = 5_000

/** How many people came each day (UTC), oldest first. Reads acts one by one, which is what makes it expensive. */
export async function reportActivity(ctx: ServiceContext, days: number): Promise<ActivityReport> {
  const today = Math.floor(ctx.clock() / DAY_MS)
  const from = (today - days + 1) * DAY_MS
  const read = (action: string) =>
    ctx.core.db
      .select({ at: audit.at })
      .from(audit)
      .where(and(eq(audit.action, action), gt(audit.at, from - 1)))
      .orderBy(desc(audit.at))
      .limit(MOST_ACTS)
  const [registrations, signIns] = await ctx.core.db.batch([read(REPORTED.registrations), read(REPORTED.signIns)])
  const on = (acts: { at: number }[], day: number) => acts.filter(({ at }) => Math.floor(at / DAY_MS) === day).length
  return {
    isComplete: registrations.length < MOST_ACTS && signIns.length < MOST_ACTS,
    days: Array.from({ length: days }, (_, i) => today - days + 1 + i).map((day) => ({
      day: isoTime(day * DAY_MS).slice(0, 10),
      registrations: on(registrations, day),
      signIns: on(signIns, day),
    })),
  }
}
