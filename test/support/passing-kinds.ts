import { TEMP_TOKEN } from '../../src/features/identity/mfa/temp-token.ts'
import { CREATION, SECOND_STEP, SIGN_IN, STEP_UP } from '../../src/features/identity/passkeys/ceremony.ts'
import { ATTEMPT } from '../../src/features/identity/providers/attempt.ts'
import { newId } from '../../src/platform/ids.ts'
import type { PassingKind } from '../../src/platform/security/passing-token.ts'

type Claims = Record<string, unknown>

const challenge = 'a-challenge'
const [userId, sessionId] = [newId(), newId()]

/**
 * Every kind of passing token that there is, with claims that are right: the corpus of forged ones is tried on each. A
 * test compares it with the source.
 */
export const PASSING_KINDS: [kind: PassingKind<Claims>, claims: Claims][] = [
  [TEMP_TOKEN, { sub: userId, type: 'mfa-temp', by: 'password', pwd: null }],
  [CREATION, { challenge, userId }],
  [SIGN_IN, { challenge }],
  [SECOND_STEP, { challenge, userId }],
  [STEP_UP, { challenge, userId, sessionId }],
  [ATTEMPT, { provider: 'example', state: 'a-state', sealed: 'x' }],
]
