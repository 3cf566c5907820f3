import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { generateSync } from 'otplib'
import { newBackupCodes, normalBackupCode } from '../../src/features/identity/mfa/domain/backup-code.ts'
import { newSecret } from '../../src/features/identity/mfa/domain/totp.ts'
import { backupCodes, totpSecrets } from '../../src/features/identity/mfa/tables.ts'
import type { Isolate } from '../../src/isolate.ts'
import { namedHash } from '../../src/platform/security/keyed-hash.ts'

/** The code that another library's app would show, `steps` of thirty seconds from `now`. */
export function codeAt(secret: string, now: number, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(now / 1_000) + steps * 30 })
}

export interface Enrolled {
  secret: string
  backupCodes: string[]
}

/** Puts a second step straight into the tables, as `enable` leaves it. */
export async function enrol(isolate: Isolate, userId: string): Promise<Enrolled> {
  const secret = newSecret()
  const codes = newBackupCodes()
  const now = isolate.clock()
  const db = drizzle(env.DB)
  const sealedSecret = await isolate.sealedBox.seal(secret, `totp:${userId}`)
  await db.batch([
    db.insert(totpSecrets).values({ userId, sealedSecret, createdAt: now, enabledAt: now }),
    db.insert(backupCodes).values(
      await Promise.all(
        codes.map(async (code) => ({
          userId,
          hash: await namedHash(isolate.settings.MAILED_TOKEN_KEY, `backup-code:${userId}:${normalBackupCode(code)}`),
          createdAt: now,
        })),
      ),
    ),
  ])
  await env.DB.prepare('update users set mfa_enabled_at = ? where id = ?').bind(now, userId).run()
  return { secret, backupCodes: codes }
}
