import type { ServiceContext } from '../../context.ts'
import type { Step } from '../../platform/db/commit.ts'
import { ACCESS_TOKEN_SECONDS } from '../../platform/security/access-token.ts'
import { sessionExpiry } from './domain/session-policy.ts'
import type { Account } from './queries.ts'
import type { SignedIn } from './schemas.ts'
import { sessions } from './tables.ts'
import { toCurrentUser } from './views.ts'

export interface NewSession {
  /** Goes into the batch of the sign-in or registration. */
  steps: Step[]
  answer: (account: Account) => SignedIn & { refreshToken: string }
}

/** A new family of refresh tokens, with its first one. Nothing exists until the steps are committed. */
export async function beginSession(ctx: ServiceContext, userId: string): Promise<NewSession> {
  const now = ctx.clock()
  const id = ctx.newId()
  const { token, hash } = await ctx.refreshTokens.derive({ sessionId: id, generation: 1 })
  const accessToken = await ctx.accessTokens.sign(userId, id)
  const row = {
    id,
    userId,
    generation: 1,
    refreshHash: hash,
    ip: ctx.origin.ip,
    userAgent: ctx.origin.userAgent,
    place: ctx.origin.place,
    createdAt: now,
    rotatedAt: now,
    expiresAt: sessionExpiry(now, now),
  }
  return {
    steps: [ctx.core.db.insert(sessions).values(row)],
    answer: (account) => signedIn(account, accessToken, token),
  }
}

export function signedIn(
  account: Account,
  accessToken: string,
  refreshToken: string,
): SignedIn & { refreshToken: string } {
  return {
    user: toCurrentUser(account),
    accessToken,
    refreshToken,
    expiresIn: ACCESS_TOKEN_SECONDS,
    tokenType: 'Bearer',
  }
}
