import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { users } from '../tables.ts'

/** The secret that a user's authenticator app shares with us: one row, which a new setup replaces until it is enabled. */
export const totpSecrets = sqliteTable('totp_secrets', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  /** Sealed under a key of `ENCRYPTION_KEYS`, for this user only. */
  sealedSecret: text('sealed_secret').notNull(),
  /** The newest time step of which a code was accepted: neither it nor an older one is accepted again. */
  lastStep: integer('last_step').notNull().default(0),
  createdAt: integer('created_at').notNull(),
  /** Null while the setup waits for its first code. */
  enabledAt: integer('enabled_at'),
})

/** How often a user's second step was tried since `since`: counted here, as it must hold over all addresses. */
export const secondStepTries = sqliteTable('second_step_tries', {
  userId: text('user_id')
    .primaryKey()
    .references(() => users.id, { onDelete: 'cascade' }),
  tries: integer().notNull(),
  since: integer().notNull(),
})

/** Each is good once, instead of a code. */
export const backupCodes = sqliteTable(
  'backup_codes',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** HMAC of the code as it is compared (upper case, without dashes), after the id of its key where that has one. */
    hash: text().notNull(),
    createdAt: integer('created_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.hash] })],
)
