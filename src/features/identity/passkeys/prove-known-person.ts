import { requireUser, type ServiceContext } from '../../../context.ts'
import { Refusal } from '../../../platform/errors.ts'
import { requestOptions } from '../../../platform/security/webauthn.ts'
import { finishSecondStep, type Prove } from '../mfa/second-step.ts'
import { openTempToken } from '../mfa/temp-token.ts'
import type { Proof } from '../proof.ts'
import type { SignedIn } from '../schemas.ts'
import { invalidCeremony, newCeremony, openCeremony, relyingParty, SECOND_STEP, STEP_UP } from './ceremony.ts'
import { provePasskey } from './prove-passkey.ts'
import { listPasskeys } from './queries.ts'
import { type PasskeyProof, PasskeyRequest, type PasskeySecondStepBody } from './schemas.ts'

/** For the second of two steps: any passkey of the one who has taken the first. */
export async function beginPasskeySecondStep(ctx: ServiceContext, tempToken: string): Promise<PasskeyRequest> {
  const { sub: userId } = (await openTempToken(ctx, tempToken)).claims
  const { challenge, token } = await newCeremony(ctx, SECOND_STEP, (challenge) => ({ challenge, userId }))
  return requestOf(ctx, userId, challenge, token)
}

export function finishPasskeySecondStep(
  ctx: ServiceContext,
  { tempToken, token, response }: Omit<PasskeySecondStepBody, 'session'>,
): Promise<SignedIn & { refreshToken: string }> {
  const prove: Prove = async (userId) => {
    const ceremony = await openCeremony(ctx, SECOND_STEP, token)
    if (ceremony.claims.userId !== userId) throw invalidCeremony('given to somebody else')
    return (await provePasskey(ctx, response, ceremony, userId)).proof
  }
  return finishSecondStep(ctx, tempToken, prove, { isGuessable: false })
}

/** For whoever is signed in, to show anew who they are. */
export async function beginPasskeyStepUp(ctx: ServiceContext): Promise<PasskeyRequest> {
  const { userId, sessionId } = requireUser(ctx)
  const { challenge, token } = await newCeremony(ctx, STEP_UP, (challenge) => ({ challenge, userId, sessionId }))
  return requestOf(ctx, userId, challenge, token)
}

/** What somebody who is signed in shows for a challenge of theirs; there is nothing to guess, so no try is counted. */
export async function proveByPasskey(
  ctx: ServiceContext,
  userId: string,
  { token, response }: PasskeyProof,
): Promise<Proof> {
  const ceremony = await openCeremony(ctx, STEP_UP, token)
  const { claims } = ceremony
  if (claims.userId !== userId || claims.sessionId !== requireUser(ctx).sessionId) {
    throw invalidCeremony('given to another session')
  }
  return (await provePasskey(ctx, response, ceremony, userId)).proof
}

/** @throws Refusal CONFLICT where there is none to ask for */
async function requestOf(
  ctx: ServiceContext,
  userId: string,
  challenge: string,
  token: string,
): Promise<PasskeyRequest> {
  const allow = await listPasskeys(ctx.core.db, userId)
  if (allow.length === 0) throw new Refusal('CONFLICT', 'There is no passkey of this account')
  const options = await requestOptions(relyingParty(ctx.settings), { challenge, allow })
  return PasskeyRequest.parse({ options, token })
}
