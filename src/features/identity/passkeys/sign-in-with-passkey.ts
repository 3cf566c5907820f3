import type { ServiceContext } from '../../../context.ts'
import { requestOptions } from '../../../platform/security/webauthn.ts'
import { completeSignIn } from '../complete-sign-in.ts'
import type { SignedIn } from '../schemas.ts'
import { newCeremony, openCeremony, relyingParty, SIGN_IN } from './ceremony.ts'
import { provePasskey } from './prove-passkey.ts'
import { type PasskeyProof, PasskeyRequest } from './schemas.ts'

/** For whoever comes: the browser shows the passkeys that it has for us, so no address is asked, nor told. */
export async function beginPasskeySignIn(ctx: ServiceContext): Promise<PasskeyRequest> {
  const { challenge, token } = await newCeremony(ctx, SIGN_IN, (challenge) => ({ challenge }))
  return PasskeyRequest.parse({ options: await requestOptions(relyingParty(ctx.settings), { challenge }), token })
}

/** A passkey that has verified its holder is two factors in one, so nothing more is asked. */
export async function signInWithPasskey(
  ctx: ServiceContext,
  { token, response }: PasskeyProof,
): Promise<SignedIn & { refreshToken: string }> {
  const ceremony = await openCeremony(ctx, SIGN_IN, token)
  const { account, proof } = await provePasskey(ctx, response, ceremony)
  const result = await completeSignIn(ctx, account, { ...proof, by: 'passkey' })
  if ('requiresMfa' in result) throw new Error('A second step was asked for, though a passkey is both')
  return result
}
