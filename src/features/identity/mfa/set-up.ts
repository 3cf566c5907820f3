import { eq, isNull } from 'drizzle-orm'
import { renderSVG } from 'uqr'
import { requireUser, type ServiceContext } from '../../../context.ts'
import { expectChanged } from '../../../platform/db/commit.ts'
import { notFound, Refusal } from '../../../platform/errors.ts'
import { whileSignedIn } from '../live-session.ts'
import { notice } from '../notice.ts'
import { findAccountById } from '../queries.ts'
import { newSecret, secretUri } from './domain/totp.ts'
import { secretContext } from './prove.ts'
import type { MfaSetup } from './schemas.ts'
import { totpSecrets } from './tables.ts'

export function mfaEnabledAlready(): Refusal {
  return new Refusal('MFA_ENABLED', 'Two-step sign-in is switched on already')
}

/** Makes the secret that the caller's app is to know; it counts for nothing until its first code. A repeat replaces it. */
export async function setUpMfa(ctx: ServiceContext): Promise<MfaSetup> {
  const { userId } = requireUser(ctx)
  const account = await findAccountById(ctx.core.db, userId)
  if (!account) throw notFound('User')
  if (account.mfaEnabledAt !== null) throw mfaEnabledAlready()

  const secret = newSecret()
  const fresh = {
    sealedSecret: await ctx.sealedBox.seal(secret, secretContext(userId)),
    lastStep: 0,
    createdAt: ctx.clock(),
  }
  const signedIn = whileSignedIn(ctx)
  await ctx.core.commit(
    [
      ...signedIn.steps,
      ctx.core.db
        .insert(totpSecrets)
        .values({ userId, ...fresh })
        .onConflictDoUpdate({
          target: totpSecrets.userId,
          set: fresh,
          setWhere: isNull(totpSecrets.enabledAt),
        }),
      expectChanged('mfa:off'),
      ctx.audit('MFA_SETUP', { targetType: 'user', targetId: userId }),
      notice(ctx, userId, 'mfa-set-up'),
    ],
    { refusals: { ...signedIn.refusals, 'mfa:off': mfaEnabledAlready } },
  )
  const uri = secretUri(secret, { issuer: ctx.settings.APP_NAME, label: account.email })
  return { secret, uri, qrCode: qrCodeOf(uri), backupCodes: null }
}

/** A picture that needs no canvas and no other origin. */
function qrCodeOf(text: string): string {
  const svg = renderSVG(text, { ecc: 'M', border: 2, pixelSize: 8 })
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** Takes the app's secret and the codes away; the steps of whoever switches it off. */
export function forgetSecret(ctx: ServiceContext, userId: string) {
  return ctx.core.db.delete(totpSecrets).where(eq(totpSecrets.userId, userId))
}
