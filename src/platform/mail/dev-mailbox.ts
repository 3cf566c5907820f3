import { desc, sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import type { Db } from '../db/store.ts'
import { newId } from '../ids.ts'
import type { Mailer } from './mailer.ts'
import { devMails } from './tables.ts'

/** More than anybody looks through; older ones make room. */
const MOST_KEPT = 200

/** Keeps mails where a developer reads them. */
export function createDevMailbox(db: Db, clock: Clock): Mailer {
  return {
    async send({ to, ...mail }) {
      const row = { id: newId(), toAddress: to.address, toName: to.name, ...mail, createdAt: clock() }
      const kept = db.select({ id: devMails.id }).from(devMails).orderBy(desc(devMails.id)).limit(MOST_KEPT)
      await db.batch([db.insert(devMails).values(row), db.delete(devMails).where(sql`${devMails.id} not in (${kept})`)])
    },
  }
}
