import { TEMP_TOKEN } from '../../src/features/identity/mfa/temp-token.ts'
import { newId } from '../../src/platform/ids.ts'
import type { PassingKind } from '../../src/platform/security/passing-token.ts'

interface Kind {
  kind: PassingKind<Record<string, unknown>>
  /** Claims as they are right. */
  claims: Record<string, unknown>
}

/** Every kind of passing token that there is: the corpus of forged ones is tried on each. */
export const PASSING_KINDS: Record<string, Kind> = {
  TEMP_TOKEN: { kind: TEMP_TOKEN, claims: { sub: newId(), type: 'mfa-temp', by: 'password', pwd: null } },
}
