import { Secret, TOTP } from 'otpauth'
import { SECOND_MS } from '../../../../platform/clock.ts'
import { equalBytes, utf8 } from '../../../../platform/security/encoding.ts'

/** What every authenticator app knows (RFC 6238 with its defaults). */
const ALGORITHM = { algorithm: 'SHA1', digits: 6, period: 30 } as const
const STEP_MS = ALGORITHM.period * SECOND_MS
/** RFC 4226 recommends 160 bits. */
const SECRET_BYTES = 20
/** Steps before and after ours: clocks differ, and people type. */
const WINDOW = 1

/** A fresh secret, base32 without padding, as apps take it. */
export function newSecret(): string {
  return new Secret({ buffer: crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).buffer }).base32
}

export function secretUri(secret: string, { issuer, label }: { issuer: string; label: string }): string {
  return new TOTP({ ...ALGORITHM, issuer, label, secret: Secret.fromBase32(secret) }).toString()
}

function stepAt(now: number): number {
  return Math.floor(now / STEP_MS)
}

/**
 * The newest time step of which `code` is the code, within one step of `now` (milliseconds); undefined where there is
 * none. All are compared, each in constant time: how long it takes tells nothing.
 */
export function matchingStep(secret: string, code: string, now: number): number | undefined {
  const key = Secret.fromBase32(secret)
  let found: number | undefined
  for (let step = stepAt(now) - WINDOW; step <= stepAt(now) + WINDOW; step += 1) {
    const expected = new TOTP({ ...ALGORITHM, secret: key }).generate({ timestamp: step * STEP_MS })
    if (equalBytes(utf8(expected), utf8(code))) found = step
  }
  return found
}
