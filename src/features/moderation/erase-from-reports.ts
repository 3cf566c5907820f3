import { and, eq, ne } from 'drizzle-orm'
import type { ServiceContext } from '../../context.ts'
import { DELETED_NAME } from '../identity/index.ts'
import { reports } from './tables.ts'

/** What was reported stays, as moderators decide on it and answer for that; its author has no name any more. */
export async function eraseFromReports({ core }: ServiceContext, userId: string): Promise<void> {
  const named = and(eq(reports.authorId, userId), ne(reports.authorName, DELETED_NAME))
  await core.commit([core.db.update(reports).set({ authorName: DELETED_NAME }).where(named)], { repeatable: true })
}
