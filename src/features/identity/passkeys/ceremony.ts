import * as z from 'zod'
import type { ServiceContext } from '../../../context.ts'
import type { Settings } from '../../../env.ts'
import { SECOND_MS } from '../../../platform/clock.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { Passed, PassingKind } from '../../../platform/security/passing-token.ts'
import { CEREMONY_MS, newChallenge, type RelyingParty } from '../../../platform/security/webauthn.ts'
import { openPassing } from '../open-passing.ts'

const seconds = CEREMONY_MS / SECOND_MS

/** Whom a challenge was given to, where that is known: it is good for nobody else. */
const ofUser = z.strictObject({ challenge: z.string(), userId: z.string() })
const ofSession = z.strictObject({ challenge: z.string(), userId: z.string(), sessionId: z.string() })

/** The challenges of each use are tokens of their own kind: what was signed for one is good for no other. */
export const CREATION: PassingKind<z.output<typeof ofUser>> = {
  type: 'passkey-creation+jwt',
  seconds,
  claims: ofUser,
}
export const SIGN_IN: PassingKind<{ challenge: string }> = {
  type: 'passkey-sign-in+jwt',
  seconds,
  claims: z.strictObject({ challenge: z.string() }),
}
export const SECOND_STEP: PassingKind<z.output<typeof ofUser>> = {
  type: 'passkey-second-step+jwt',
  seconds,
  claims: ofUser,
}
export const STEP_UP: PassingKind<z.output<typeof ofSession>> = {
  type: 'passkey-step-up+jwt',
  seconds,
  claims: ofSession,
}

/** A new challenge, and the token that carries it to the answer and back. */
export async function newCeremony<C extends { challenge: string }>(
  ctx: ServiceContext,
  kind: PassingKind<C>,
  claimsOf: (challenge: string) => C,
): Promise<{ challenge: string; token: string }> {
  const challenge = newChallenge()
  return { challenge, token: await ctx.passingTokens.sign(kind, claimsOf(challenge), ctx.newId()) }
}

/** @throws Refusal INVALID_TOKEN */
export function openCeremony<C extends { challenge: string }>(
  ctx: ServiceContext,
  kind: PassingKind<C>,
  token: string,
): Promise<Passed<C>> {
  return openPassing(ctx, kind, token, invalidCeremony)
}

/** One answer for a token that is forged, too old, somebody else's, or used. */
export function invalidCeremony(reason: string): Refusal {
  return new Refusal('INVALID_TOKEN', 'This took too long, or was used already. Begin again.', {
    fields: [{ field: 'token', message: 'Ask for new options' }],
    reason: `passkey token: ${reason}`,
  })
}

/** What `commit` is told of a token that was spent. */
export const SPENT = { 'spent_tokens.id': () => invalidCeremony('spent') }

/** Passkeys are good at the host of our pages; outside production at whichever port they are served. */
export function relyingParty({ FRONTEND_URL, APP_NAME, ENVIRONMENT }: Settings): RelyingParty {
  const { hostname, origin } = new URL(FRONTEND_URL)
  return { id: hostname, name: APP_NAME, origin, anyPort: ENVIRONMENT !== 'production' }
}
