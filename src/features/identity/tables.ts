import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { END_REASONS } from './domain/session-policy.ts'
import { TIERS } from './domain/tiers.ts'

export const users = sqliteTable(
  'users',
  {
    id: text().primaryKey(),
    /** Trimmed and lower-cased: the form in which addresses are compared. */
    email: text().notNull(),
    username: text().notNull(),
    /** A PHC string; `!` where there is none, which no password matches. */
    passwordHash: text('password_hash').notNull(),
    firstName: text('first_name').notNull(),
    lastName: text('last_name').notNull(),
    /** `firstName lastName` and `lastName`, folded for search by their start. */
    nameKey: text('name_key').notNull(),
    lastNameKey: text('last_name_key').notNull(),
    avatar: text(),
    phoneNumber: text('phone_number'),
    bio: text(),
    address: text(),
    isEmailVerified: integer('is_email_verified', { mode: 'boolean' }).notNull().default(false),
    isActive: integer('is_active', { mode: 'boolean' }).notNull().default(true),
    /** False: people cannot find this user by name. */
    isDiscoverable: integer('is_discoverable', { mode: 'boolean' }).notNull().default(true),
    timezone: text().notNull().default('UTC'),
    locale: text().notNull().default('en'),
    /** How many requests a minute; an admin sets it. */
    tier: text({ enum: TIERS }).notNull().default('free'),
    /** Raised by each change; the `sequence` of the user's events. */
    version: integer().notNull().default(1),
    /** Null as long as the first one holds. */
    passwordChangedAt: integer('password_changed_at'),
    /** Since when signing in takes a second step; null where it does not. */
    mfaEnabledAt: integer('mfa_enabled_at'),
    /** When the account was given up: then only its id is left, which what others keep may name. */
    deletedAt: integer('deleted_at'),
    /** When all else of it was gone, everywhere; null as long as that is under way. */
    erasedAt: integer('erased_at'),
    lastLoginAt: integer('last_login_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('users_email').on(table.email),
    uniqueIndex('users_username').on(table.username),
    index('users_by_name').on(table.nameKey, table.id),
    index('users_by_last_name').on(table.lastNameKey, table.id),
    index('users_to_erase').on(table.deletedAt).where(sql`deleted_at is not null and erased_at is null`),
    // Lists of people go over those who are still here, newest first and by name.
    index('users_kept').on(table.deletedAt).where(sql`deleted_at is null`),
    index('users_kept_by_name').on(table.nameKey, table.id).where(sql`deleted_at is null`),
    // Of the few whom an admin has given one.
    index('users_by_tier').on(table.tier, table.id).where(sql`tier <> 'free'`),
  ],
)

export const roles = sqliteTable(
  'roles',
  {
    id: text().primaryKey(),
    name: text().notNull(),
    description: text().notNull(),
    /** Higher may what lower may, where a route asks for a level. */
    level: integer().notNull(),
  },
  (table) => [uniqueIndex('roles_name').on(table.name)],
)

export const permissions = sqliteTable(
  'permissions',
  {
    id: text().primaryKey(),
    /** `action:resource` */
    name: text().notNull(),
    description: text().notNull(),
    resource: text().notNull(),
    action: text().notNull(),
  },
  (table) => [uniqueIndex('permissions_name').on(table.name)],
)

export const rolePermissions = sqliteTable(
  'role_permissions',
  {
    roleId: text('role_id')
      .notNull()
      .references(() => roles.id, { onDelete: 'cascade' }),
    permissionId: text('permission_id')
      .notNull()
      .references(() => permissions.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.roleId, table.permissionId] })],
)

export const userRoles = sqliteTable(
  'user_roles',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    roleId: text('role_id')
      .notNull()
      .references(() => roles.id, { onDelete: 'restrict' }),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.roleId] }),
    index('user_roles_by_role').on(table.roleId, table.userId),
  ],
)

/** One row a signed-in device: a family of refresh tokens, of which only the newest is good. */
export const sessions = sqliteTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** The newest refresh token's number, as it was noted last: `UserSessions` has what came since. */
    generation: integer().notNull(),
    /** SHA-256 of that token. */
    refreshHash: text('refresh_hash').notNull(),
    ip: text(),
    userAgent: text('user_agent'),
    /** Town and country of that use, as the network tells. */
    place: text(),
    /** When its holder last proved who they are; null: when it began. */
    provedAt: integer('proved_at'),
    /** How often its holder has tried to prove that, and since when: counted of this session, which locks out no other. */
    proofTries: integer('proof_tries').notNull().default(0),
    proofTriesSince: integer('proof_tries_since').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    /** When that refresh token was made: the grace for the one before it counts from here. */
    rotatedAt: integer('rotated_at').notNull(),
    /** The session has ended by then, and up to a day sooner; see `notedExpiry`. */
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    revokeReason: text('revoke_reason', { enum: END_REASONS }),
  },
  (table) => [
    index('sessions_live_by_user').on(table.userId, table.id).where(sql`revoked_at is null`),
    // For erasing them with their account.
    index('sessions_ended_by_user').on(table.userId).where(sql`revoked_at is not null`),
  ],
)

/** Short-lived signed tokens that were used: each is good once, and its row stands in the batch of its effect. */
export const spentTokens = sqliteTable(
  'spent_tokens',
  {
    /** The token's `jti`. */
    id: text().primaryKey(),
    /** Milliseconds; after it the token is refused anyway, and the row has done its work. */
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('spent_tokens_by_expiry').on(table.expiresAt)],
)
