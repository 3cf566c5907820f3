import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { describe, expect, it } from 'vitest'
import { toBase64Url } from '../../src/platform/security/encoding.ts'
import {
  checkAssertion,
  checkCreation,
  counterWentBack,
  type RelyingParty,
  userHandleOf,
} from '../../src/platform/security/webauthn.ts'

/** The relying party of the test vectors of Web Authentication Level 3, section 16. */
const PARTY: RelyingParty = { id: 'example.org', name: 'Vectors', origin: 'https://example.org', anyPort: false }

const text = (hex: string) => toBase64Url(Uint8Array.fromHex(hex))
const EXTRA = (random: string) =>
  `clientDataJSON may be extended with additional fields in the future, such as this: ${random}`

interface Vector {
  challenge: string
  id: string
  data: Record<string, unknown>
  attestationObject: string
}

const clientData = (type: string, challenge: string, more: Record<string, unknown>) =>
  toBase64Url(
    new TextEncoder().encode(
      JSON.stringify({ type, challenge: text(challenge), origin: 'https://example.org', crossOrigin: false, ...more }),
    ),
  )

function creation({ challenge, id, data, attestationObject }: Vector): {
  response: RegistrationResponseJSON
  challenge: string
} {
  const response = {
    clientDataJSON: clientData('webauthn.create', challenge, data),
    attestationObject: text(attestationObject),
  }
  const named = { id: text(id), rawId: text(id), type: 'public-key' as const, clientExtensionResults: {} }
  return { response: { ...named, response }, challenge: text(challenge) }
}

/** 16.3: self attestation, which authenticators send where none was asked for; its holder was verified. */
const SELF: Vector = {
  challenge: '7869c2b772d4b58eba9378cf8f29e26cf935aa77df0da89fa99c0bdc0a76f7e5',
  id: '455ef34e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58c',
  data: { extraData: EXTRA('U9hTXvKE2URkMnb_0xYHVg') },
  attestationObject:
    'a363666d74667061636b65646761747453746d74a263616c672663736967584630440220067a20754ab925005dbf378097c92120031581c732' +
    '28d1fb4f5b881bcd7da98302207fc7b147558c7c0eba3af18bd9d121fa3d3a26d17fe3f220272178f473b6006d68617574684461746158a4bf' +
    'abc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b55d00000000df850e09db6afbdfab51697791506cfc0020455ef3' +
    '4e2043a87db3d4afeb39bbcb6cc32df9347c789a865ecdca129cbef58ca5010203262001215820eb151c8176b225cc651559fecf07af450fd8' +
    '5802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233a2d34f61f13bfd44119c325d5896e183fee484f2',
}
const SELF_KEY =
  'a5010203262001215820eb151c8176b225cc651559fecf07af450fd85802046656b34c18f6cf193843c5225820927b8aa427a2be1b8834d233' +
  'a2d34f61f13bfd44119c325d5896e183fee484f2'

/** 16.2: no attestation, and its holder was not verified. */
const UNVERIFIED: Vector = {
  challenge: '00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130',
  id: 'f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4',
  data: { extraData: EXTRA('BkQeDjdcTBrXBiAwJTLE5Q') },
  attestationObject:
    'a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f0' +
    '1452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330' +
    '084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca6633' +
    '4b03458abf879717c12cc68ed73290af2e2664796b9220',
}

/** 16.4: made in a frame of another site. */
const FRAMED: Vector = {
  challenge: '3be5aacd03537142472340ab5969f240f1d87716e20b6807ac230655fa4b3b49',
  id: '6e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2bd5ce57',
  data: { crossOrigin: true, extraData: EXTRA('zZquEtDR9DWqpW5tBWTFug') },
  attestationObject:
    'a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f0' +
    '1452b2e4b54500000000883f4f6014f19c09d87aa38123be48d000206e1050c0d2ca2f07c755cb2c66a74c64fa43065c18f938354d9915db2b' +
    'd5ce57a501020326200121582022200a473f90b11078851550d03b4e44a2279f8c4eca27b3153dedfe03e4e97d225820cbd0be95e746ad6f5a' +
    '8191be11756e4c0420e72f65b466d39bc56b8b123a9c6e',
}

describe('the test vectors of WebAuthn', () => {
  it('are read: a credential that attests itself is taken, with its key', async () => {
    expect(await checkCreation(PARTY, creation(SELF))).toEqual({
      id: text(SELF.id),
      publicKey: text(SELF_KEY),
      counter: 0,
      transports: [],
      isBackedUp: true,
    })
  })

  it('whose signature, challenge, origin or party is another are refused', async () => {
    const spoilt = SELF.attestationObject.replace('28d1fb4f5b', '28d1fb4f5c')
    await expect(checkCreation(PARTY, creation({ ...SELF, attestationObject: spoilt }))).rejects.toThrow('attestation')
    const { response } = creation(SELF)
    await expect(checkCreation(PARTY, { response, challenge: 'AAAA' })).rejects.toThrow('challenge')
    const elsewhere = { ...PARTY, origin: 'https://example.com' }
    await expect(checkCreation(elsewhere, creation(SELF))).rejects.toThrow('origin')
    await expect(checkCreation({ ...PARTY, id: 'example.com' }, creation(SELF))).rejects.toThrow()
  })

  it('of a holder who was not verified are refused, when made and when shown', async () => {
    await expect(checkCreation(PARTY, creation(UNVERIFIED))).rejects.toThrow('could not be verified')
    const challenge = '4478a10b1352348dd160c1353b0d469b5db19eb91c27f7dfa6fed39fe26af20b'
    const response: AuthenticationResponseJSON = {
      ...{ id: text(SELF.id), rawId: text(SELF.id), type: 'public-key', clientExtensionResults: {} },
      response: {
        clientDataJSON: clientData('webauthn.get', challenge, { extraData: EXTRA('gTb53rz6EhSWomXGzimC1Q') }),
        authenticatorData: text('bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b50900000000'),
        signature: text(
          '304402203310b9431903c401f1be2bdc8d23a4007682dbbddcf846994947b7f465daf84002204e94dd00047b316061b3b99772b7efd959' +
            '94a83ef584b3b6b825ea3550251b66',
        ),
      },
    }
    const stored = { id: text(SELF.id), publicKey: text(SELF_KEY), counter: 0, transports: [] }
    const shown = checkAssertion(PARTY, { response, challenge: text(challenge), stored })
    await expect(shown).rejects.toThrow('could not be verified')
  })

  it('that were made in a frame of another site are refused', async () => {
    await expect(checkCreation(PARTY, creation(FRAMED))).rejects.toThrow('frame of another site')
  })
})

it('a handle is the 16 bytes of an id', () => {
  expect(userHandleOf('01a206d0-4b4d-705c-ab48-64498be5c93b')).toBe('AaIG0EtNcFyrSGRJi-XJOw')
})

it('a counter goes back where it does not rise, unless it never counts', () => {
  expect([counterWentBack(0, 0), counterWentBack(4, 5), counterWentBack(0, 1)]).toEqual([false, false, false])
  expect([counterWentBack(5, 5), counterWentBack(5, 4), counterWentBack(5, 0)]).toEqual([true, true, true])
})
