import { and, lte, ne, sql } from 'drizzle-orm'
import type { ServiceContext } from '../../../context.ts'
import type { Act } from '../../../platform/audit/acts.ts'
import { expectChanged, GuardFailed } from '../../../platform/db/commit.ts'
import type { EventEnvelope } from '../../../platform/events.ts'
import { deriveKeptToken, deriveMailedToken } from '../../../platform/security/mailed-token.ts'
import { coolDownMs, coolDownOfCorrectionMs, TOKEN_LIFETIME_MS, type TokenPurpose } from '../domain/mailed-tokens.ts'
import type { Addressee } from './queries.ts'
import { mailedTokens } from './tables.ts'

interface Wanted {
  purpose: TokenPurpose
  /** Where its mail goes. */
  email: string
  /** The act by which the mails of this kind stand in the trail. */
  audited: Act
}

/**
 * The token that an event asked for; it takes the place of the one before. The same event gets the same one again, so
 * that a message that comes twice mails one link twice at worst. Undefined where no mail is due: too soon after another,
 * after a newer one, so late that nobody waits for it, or when it was used already.
 */
export async function issueToken(
  ctx: ServiceContext,
  { id: requestId, occurredAt }: Pick<EventEnvelope, 'id' | 'occurredAt'>,
  { userId, newest, mailedWithinADay }: Addressee,
  { purpose, email, audited }: Wanted,
): Promise<string | undefined> {
  const keys = ctx.settings.MAILED_TOKEN_KEY
  const now = ctx.clock()
  if (newest?.requestId === requestId) {
    const isGood = newest.usedAt === null && newest.expiresAt > now
    // The first message may have come while another key stood in front.
    return isGood ? deriveKeptToken(keys, { purpose, requestId }, newest.hash) : undefined
  }

  const lifetime = TOKEN_LIFETIME_MS[purpose]
  const isCorrection = newest !== undefined && newest.sentTo !== email
  const restMs = isCorrection ? coolDownOfCorrectionMs(mailedWithinADay) : coolDownMs(mailedWithinADay)
  const rested = occurredAt - restMs
  if (occurredAt + lifetime <= now || (newest && newest.createdAt > rested)) return undefined

  const { token, hash } = await deriveMailedToken(keys, { purpose, requestId })
  // Counted from when it was asked for, so that messages may come in any order: an older one changes nothing.
  const fresh = { requestId, hash, email, createdAt: occurredAt, expiresAt: now + lifetime, usedAt: null }
  try {
    await ctx.core.commit([
      ctx.core.db
        .insert(mailedTokens)
        .values({ userId, purpose, ...fresh })
        .onConflictDoUpdate({
          target: [mailedTokens.userId, mailedTokens.purpose],
          set: fresh,
          setWhere: and(lte(mailedTokens.createdAt, sql`${rested}`), ne(mailedTokens.requestId, requestId)),
        }),
      expectChanged('token:rested'),
      ctx.audit(audited, { targetType: 'user', targetId: userId, details: { requestId } }),
    ])
  } catch (error) {
    // Another message was first, which had it mailed.
    if (error instanceof GuardFailed) return undefined
    throw error
  }
  return token
}
