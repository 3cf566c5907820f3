import { eq } from 'drizzle-orm'
import { isoTime, isoTimeOrNull } from '../../../platform/clock.ts'
import type { Db } from '../../../platform/db/store.ts'
import { resourcePermissions, userPermissions } from '../access/tables.ts'
import { apiKeys } from '../api-keys/tables.ts'
import { NO_PASSWORD } from '../new-password.ts'
import { passkeys } from '../passkeys/tables.ts'
import { linkedIdentities } from '../providers/tables.ts'
import { permissions, users } from '../tables.ts'
import type { AccountExport } from './schemas.ts'

/** By what somebody signs in and what they may besides their roles: so many of each at most, in one trip. */
export async function readSecurity(db: Db, userId: string, limit: number): Promise<AccountExport['security']> {
  const { passwordHash, passwordChangedAt, mfaEnabledAt } = users
  const [people, keys, programs, linked, grants, onThings] = await db.batch([
    db.select({ passwordHash, passwordChangedAt, mfaEnabledAt }).from(users).where(eq(users.id, userId)),
    db
      .select({ name: passkeys.name, createdAt: passkeys.createdAt, lastUsedAt: passkeys.lastUsedAt })
      .from(passkeys)
      .where(eq(passkeys.userId, userId))
      .limit(limit),
    db
      .select({
        ...{ name: apiKeys.name, hint: apiKeys.hint, scopes: apiKeys.scopes, createdAt: apiKeys.createdAt },
        ...{ expiresAt: apiKeys.expiresAt, lastUsedAt: apiKeys.lastUsedAt, lastUsedIp: apiKeys.lastUsedIp },
        revokedAt: apiKeys.revokedAt,
      })
      .from(apiKeys)
      .where(eq(apiKeys.userId, userId))
      .orderBy(apiKeys.id)
      .limit(limit),
    db
      .select({
        ...{ provider: linkedIdentities.provider, subject: linkedIdentities.subject, email: linkedIdentities.email },
        ...{ createdAt: linkedIdentities.createdAt, lastUsedAt: linkedIdentities.lastUsedAt },
      })
      .from(linkedIdentities)
      .where(eq(linkedIdentities.userId, userId))
      .limit(limit),
    db
      .select({ permission: permissions.name, effect: userPermissions.effect, createdAt: userPermissions.createdAt })
      .from(userPermissions)
      .innerJoin(permissions, eq(permissions.id, userPermissions.permissionId))
      .where(eq(userPermissions.userId, userId))
      .limit(limit),
    db
      .select({
        ...{ resource: resourcePermissions.resource, resourceId: resourcePermissions.resourceId },
        ...{ action: resourcePermissions.action, createdAt: resourcePermissions.createdAt },
      })
      .from(resourcePermissions)
      .where(eq(resourcePermissions.userId, userId))
      .limit(limit),
  ])
  const [person] = people
  return {
    hasPassword: person?.passwordHash !== NO_PASSWORD,
    passwordChangedAt: isoTimeOrNull(person?.passwordChangedAt),
    mfaEnabledAt: isoTimeOrNull(person?.mfaEnabledAt),
    passkeys: keys.map(withTimes),
    apiKeys: programs.map((key) => ({
      ...withTimes(key),
      expiresAt: isoTime(key.expiresAt),
      revokedAt: isoTimeOrNull(key.revokedAt),
    })),
    linkedAccounts: linked.map(withTimes),
    grants: grants.map(({ createdAt, ...grant }) => ({ ...grant, createdAt: isoTime(createdAt) })),
    grantsOnThings: onThings.map(({ createdAt, ...grant }) => ({ ...grant, createdAt: isoTime(createdAt) })),
  }
}

function withTimes<T extends { createdAt: number; lastUsedAt: number | null }>({ createdAt, lastUsedAt, ...rest }: T) {
  return { ...rest, createdAt: isoTime(createdAt), lastUsedAt: isoTimeOrNull(lastUsedAt) }
}
