import { desc, sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/store.ts'
import type { Mailer } from './mailer.ts'
import { devMails } from './tables.ts'

/** More than anybody looks through; older ones make room. */
export const MOST_KEPT = 200

/** Keeps mails where a developer reads them; one that comes again by the same key is kept once. */
export function createDevMailbox(db: Db, clock: Clock): Mailer {
  return {
    async send({ to, ...mail }, key) {
      const row = { id: key, toAddress: to.address, toName: to.name, ...mail, createdAt: clock() }
      const kept = db
        .select({ id: devMails.id })
        .from(devMails)
        .orderBy(desc(devMails.createdAt), desc(devMails.id))
        .limit(MOST_KEPT)
      await db.batch([
        db.insert(devMails).values(row).onConflictDoNothing(),
        db.delete(devMails).where(sql`${devMails.id} not in (${kept})`),
      ])
    },
  }
}
