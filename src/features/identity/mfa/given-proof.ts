import { requireUser, type ServiceContext } from '../../../context.ts'
import { Refusal } from '../../../platform/errors.ts'
import { proveByPasskey } from '../passkeys/prove-known-person.ts'
import type { PasskeyProof } from '../passkeys/schemas.ts'
import type { Proof } from '../proof.ts'
import { proveByBackupCode, proveByTotp } from './prove.ts'

/** What somebody who is signed in shows besides a password: one of them. */
export interface GivenFactor {
  mfaCode?: string | undefined
  backupCode?: string | undefined
  passkey?: PasskeyProof | undefined
}

/** @throws Refusal UNPROCESSABLE that names `field` unless one and only one of `given` is there */
export function demandOne(given: Record<string, unknown>, field: string): void {
  const names = Object.keys(given)
  if (names.filter((name) => given[name] !== undefined).length === 1) return
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
  throw new Refusal('UNPROCESSABLE', `Send one of ${list}`, {
    fields: [{ field, message: 'Send this, or another one' }],
  })
}

/** Looks at the one that is given. Undefined where there is none. @throws Refusal where it is not good */
export function proveGiven(
  ctx: ServiceContext,
  { mfaCode, backupCode, passkey }: GivenFactor,
): Promise<Proof> | undefined {
  const { userId } = requireUser(ctx)
  if (mfaCode !== undefined) return proveByTotp(ctx, userId, mfaCode)
  if (backupCode !== undefined) return proveByBackupCode(ctx, userId, backupCode)
  if (passkey !== undefined) return namedAsSent(() => proveByPasskey(ctx, userId, passkey))
  return undefined
}

/** The fields of a passkey's refusal, as they stand in the body that holds it. */
async function namedAsSent<T>(prove: () => Promise<T>): Promise<T> {
  try {
    return await prove()
  } catch (error) {
    if (!(error instanceof Refusal) || error.fields === undefined) throw error
    const fields = error.fields.map(({ field, message }) => ({ field: `passkey.${field}`, message }))
    throw new Refusal(error.code, error.message, { fields, reason: error.reason ?? '' })
  }
}
