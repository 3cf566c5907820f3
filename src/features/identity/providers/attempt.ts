import * as z from 'zod'
import type { ServiceContext } from '../../../context.ts'
import { Refusal } from '../../../platform/errors.ts'
import { toBase64Url } from '../../../platform/security/encoding.ts'
import type { Passed, PassingKind } from '../../../platform/security/passing-token.ts'
import {
  type OutsidePerson,
  type OutsideProvider,
  ProviderRefused,
  providerUnavailable,
  type SignInAttempt,
} from '../../../platform/sign-in/provider.ts'
import { openPassing } from '../open-passing.ts'
import type { ReturnedFromProvider } from './schemas.ts'

export const ATTEMPT_SECONDS = 10 * 60
const SECRET_BYTES = 32

/** What of an attempt only we may read. */
const Secrets = z.strictObject({ nonce: z.string(), verifier: z.string() })

const Claims = z.strictObject({
  provider: z.string(),
  state: z.string(),
  sealed: z.string(),
  /** Whose session wants the account linked; absent where somebody signs in. */
  linkFor: z.strictObject({ userId: z.string(), sessionId: z.string() }).optional(),
})
type Claims = z.output<typeof Claims>

export const ATTEMPT: PassingKind<Claims> = { type: 'outside-sign-in+jwt', seconds: ATTEMPT_SECONDS, claims: Claims }

/** The page of ours to which every provider sends people back. */
const RETURN_PATH = '/app/signing-in'

const sealedFor = (id: string) => `outside-sign-in:${id}`

/**
 * Begins one: where the browser is to go, and the token that the same browser must bring back. What the provider is
 * asked to repeat, or only proves it was us who began, stands in the token, sealed.
 */
export async function beginAttempt(
  ctx: ServiceContext,
  providerId: string,
  linkFor?: Claims['linkFor'],
): Promise<{ url: string; token: string }> {
  const provider = fetchProvider(ctx, providerId)
  const id = ctx.newId()
  const attempt = {
    ...{ state: randomText(), nonce: randomText(), verifier: randomText() },
    redirectUri: redirectUri(ctx),
  }
  const { nonce, verifier } = attempt
  const sealed = await ctx.sealedBox.seal(JSON.stringify({ nonce, verifier }), sealedFor(id))
  const claims = { provider: providerId, state: attempt.state, sealed, ...(linkFor ? { linkFor } : {}) }
  const [url, token] = await Promise.all([
    orUnavailable(provider.authorizationUrl(attempt)),
    ctx.passingTokens.sign(ATTEMPT, claims, id),
  ])
  return { url: url.href, token }
}

export interface Redeemed {
  provider: OutsideProvider
  person: OutsidePerson
  /** For `spend`: an attempt is good once. */
  attempt: Passed<Claims>
}

/** Who has come back from the provider, by the token that their browser was given. @throws Refusal, always the same */
export async function redeemAttempt(
  ctx: ServiceContext,
  token: string | undefined,
  { code, state, iss }: ReturnedFromProvider,
  linkFor?: Claims['linkFor'],
): Promise<Redeemed> {
  if (token === undefined) throw beginAgain('no cookie')
  const passed = await openPassing(ctx, ATTEMPT, token, beginAgain)
  const { claims } = passed
  const isMeant = claims.linkFor?.userId === linkFor?.userId && claims.linkFor?.sessionId === linkFor?.sessionId
  if (!isMeant) throw beginAgain('begun for another purpose or session')
  const provider = fetchProvider(ctx, claims.provider)
  const secrets = await openSecrets(ctx, passed)
  const parameters = new URLSearchParams({ code, state, ...(iss === undefined ? {} : { iss }) })
  const attempt: SignInAttempt = { ...secrets, state: claims.state, redirectUri: redirectUri(ctx) }
  try {
    return { provider, person: await provider.redeem(parameters, attempt), attempt: passed }
  } catch (error) {
    if (error instanceof ProviderRefused) throw beginAgain(`${provider.id}: ${error.message}`)
    throw error
  }
}

function fetchProvider({ providers }: ServiceContext, id: string): OutsideProvider {
  const provider = providers.get(id)
  if (!provider) throw new Refusal('NOT_FOUND', 'Provider not found')
  return provider
}

export function beginAgain(reason: string): Refusal {
  return new Refusal('INVALID_TOKEN', 'This sign-in is not valid any more. Begin again.', {
    fields: [{ field: 'state', message: 'It is not of a sign-in that this browser has just begun' }],
    reason,
  })
}

async function openSecrets(ctx: ServiceContext, { id, claims }: Passed<Claims>): Promise<z.output<typeof Secrets>> {
  const text = await ctx.sealedBox.open(claims.sealed, sealedFor(id))
  if (text === undefined) throw beginAgain('sealed by a key that is gone')
  return Secrets.parse(JSON.parse(text))
}

/** What is wrong with the provider before anybody has gone there is nobody's here. */
async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof ProviderRefused)) throw error
    throw providerUnavailable(error.message)
  }
}

function redirectUri({ settings }: ServiceContext): string {
  return `${settings.FRONTEND_URL}${RETURN_PATH}`
}

function randomText(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
}
