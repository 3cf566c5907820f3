import { describe, expect, it } from 'vitest'
import { Refusal } from '../../src/platform/errors.ts'
import { PasswordHasher } from '../../src/platform/security/password.ts'
import { FIXTURE_PASSWORD } from '../support/people.ts'

describe('password hashing', () => {
  it('verifies what it has made, and salts each hash (R7.3)', async () => {
    const hasher = new PasswordHasher()
    const [one, two] = [await hasher.hash(FIXTURE_PASSWORD), await hasher.hash(FIXTURE_PASSWORD)]
    expect(one).not.toBe(two)
    expect(await hasher.verify(FIXTURE_PASSWORD, one)).toEqual({ matches: true, needsRehash: false })
    expect((await hasher.verify('Correct-Horse-2', one)).matches).toBe(false)
  })

  it('reads other parameters than its own: the third vector of RFC 7914, section 12', async () => {
    const hash = Uint8Array.fromHex(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
        'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    )
    const encode = (bytes: Uint8Array) => bytes.toBase64({ omitPadding: true })
    const phc = `$scrypt$ln=14,r=8,p=1$${encode(new TextEncoder().encode('SodiumChloride'))}$${encode(hash)}`
    expect(await new PasswordHasher().verify('pleaseletmein', phc)).toEqual({ matches: true, needsRehash: true })
  })

  it('hashes one at a time with a short queue, then says when to come again', async () => {
    const hasher = new PasswordHasher()
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => hasher.hash(FIXTURE_PASSWORD)))
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(refused).toHaveLength(4)
    expect(refused[0]).toBeInstanceOf(Refusal)
    expect(refused[0]).toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 3 })
  })
})
