import { and, eq, isNotNull, ne } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { DELETED_NAME } from '../identity/index.ts'
import { reports } from './tables.ts'

/**
 * What was reported stays, as moderators decide on it and answer for that; its author has no name any more, and what
 * the person said beside reports of their own goes.
 */
export async function eraseFromReports({ core }: ServiceContext, userId: string): Promise<void> {
  const { db } = core
  const named = and(eq(reports.authorId, userId), ne(reports.authorName, DELETED_NAME))
  const noted = and(eq(reports.reporterId, userId), isNotNull(reports.note))
  const steps = [
    db.update(reports).set({ authorName: DELETED_NAME }).where(named),
    db.update(reports).set({ note: null }).where(noted),
  ]
  await core.commit(steps, { repeatable: true })
}
