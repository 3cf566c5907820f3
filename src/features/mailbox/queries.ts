import { desc, eq } from 'drizzle-orm'
import type { Db } from '../../platform/db/store.ts'
import { devMails } from '../../platform/mail/tables.ts'

/** All that is kept, newest first, or what was sent to one address. The mailbox keeps a few hundred at most. */
export function listMails(db: Db, to: string | undefined) {
  return db
    .select({
      id: devMails.id,
      to: devMails.toAddress,
      subject: devMails.subject,
      text: devMails.text,
      createdAt: devMails.createdAt,
    })
    .from(devMails)
    .where(to === undefined ? undefined : eq(devMails.toAddress, to))
    .orderBy(desc(devMails.createdAt), desc(devMails.id))
}

export async function findMail(db: Db, id: string) {
  const [mail] = await db.select().from(devMails).where(eq(devMails.id, id))
  return mail
}
