import { describe, expect, it } from 'vitest'
import { redact, redactUrl } from '../../src/platform/observability/redact.ts'

const REDACTED = '***REDACTED***'

describe('redact', () => {
  it('replaces secrets at any depth, whatever the case and style of their names (R41.5)', () => {
    const given = {
      user: { PassWord: 'a', refresh_token: 'b', 'X-Api-Key': 'c', profile: [{ creditCard: 'd', ssn: 'e', PAN: 'f' }] },
      headers: { Authorization: 'g', cookie: 'h' },
      company: 'kept',
    }
    expect(redact(given)).toEqual({
      user: {
        PassWord: REDACTED,
        refresh_token: REDACTED,
        'X-Api-Key': REDACTED,
        profile: [{ creditCard: REDACTED, ssn: REDACTED, PAN: REDACTED }],
      },
      headers: { Authorization: REDACTED, cookie: REDACTED },
      company: 'kept',
    })
  })

  it('replaces codes that somebody was given, and keeps those by which programs tell errors apart', () => {
    expect(redact({ mfaCode: '123456', backupCode: 'K7MQ', body: { code: '123456' } })).toEqual({
      mfaCode: REDACTED,
      backupCode: REDACTED,
      body: { code: REDACTED },
    })
    const kept = { code: 'INVALID_CODE', error: { code: 'ERR_JWT_EXPIRED' }, close: { code: 4401 } }
    expect(redact(kept)).toEqual(kept)
    expect(redactUrl(new URL('https://a.example/x?code=4/0AbC'))).toBe(`/x?code=${REDACTED}`)
  })

  it('replaces tokens wherever they stand in a text, errors and their causes included', () => {
    const token = `eyJ${'a'.repeat(20)}.eyJ${'b'.repeat(20)}.${'c'.repeat(20)}`
    expect(redact(`Bearer ${token} sent`)).toBe(`Bearer ${REDACTED} sent`)
    const error = new Error('outer', { cause: new Error(`inner ${token}`) })
    expect(JSON.stringify(redact(error))).not.toContain(token)
  })

  it('replaces mail addresses in values, texts, errors and queries, and leaves what only looks a little like one', () => {
    const given = { email: 'ann.lee+x@people.test', from: 'é@exämple.de', isEmailVerified: true, id: 'a@b' }
    expect(redact({ payload: given })).toEqual({ payload: { ...given, email: REDACTED, from: REDACTED } })
    const error = new Error('No mailbox <ann@people.test> at drizzle-orm@0.44.1/index.js')
    expect(redact(error)).toMatchObject({ message: `No mailbox <${REDACTED}> at drizzle-orm@0.44.1/index.js` })
    expect(redactUrl(new URL('https://a.example/x?email=ann%40people.test&n=1'))).toBe(`/x?email=${REDACTED}&n=1`)
  })

  it('drops the parameters that a failed query repeats', () => {
    const shown = redact(new Error('Failed query: select ?\nparams: ann@people.test,secret')) as { message: string }
    expect(shown.message).toBe('Failed query: select ?\nparams: …')
    expect(JSON.stringify(shown)).not.toContain('ann@people.test')
  })

  it('is bounded, and takes whatever it is given', () => {
    const loop: Record<string, unknown> = { text: 'x'.repeat(10_000) }
    loop.self = loop
    expect(JSON.stringify(redact(loop)).length).toBeLessThan(40_000)
    expect(redact([undefined, null, 1n, new Date(Number.NaN), () => 1])).toEqual([
      undefined,
      null,
      '1',
      'Invalid Date',
      undefined,
    ])
  })

  it('hides a ticket in a URL and leaves the rest', () => {
    expect(redactUrl(new URL('http://x/v1/ws?ticket=abc&since=4'))).toBe(`/v1/ws?ticket=${REDACTED}&since=4`)
  })
})
