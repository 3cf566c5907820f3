import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../../../platform/db/store.ts'
import { type Entrant, entrant, toEntrant } from '../queries.ts'
import { users } from '../tables.ts'
import { linkedIdentities } from './tables.ts'

/** Whose account it is that this person of the provider signs in to. */
export async function findLinkedAccount(
  db: Db,
  provider: string,
  subject: string,
  now: number,
): Promise<Entrant | undefined> {
  const [row] = await db
    .select(entrant(now))
    .from(linkedIdentities)
    .innerJoin(users, eq(users.id, linkedIdentities.userId))
    .where(and(eq(linkedIdentities.provider, provider), eq(linkedIdentities.subject, subject)))
  return row && toEntrant(row)
}

export function listLinked(db: Db, userId: string) {
  const { provider, email, createdAt, lastUsedAt } = linkedIdentities
  return db
    .select({ provider, email, createdAt, lastUsedAt })
    .from(linkedIdentities)
    .where(eq(linkedIdentities.userId, userId))
    .orderBy(asc(provider))
}

export async function findLink(db: Db, userId: string, provider: string): Promise<{ subject: string } | undefined> {
  const [row] = await db
    .select({ subject: linkedIdentities.subject })
    .from(linkedIdentities)
    .where(and(eq(linkedIdentities.userId, userId), eq(linkedIdentities.provider, provider)))
  return row
}
