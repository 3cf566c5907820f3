import { describe, expect, it } from 'vitest'
import { canonicalPath } from '../../src/http/canonical-path.ts'
import { daysLeft, deprecatedSince, deprecationHeaders } from '../../src/http/deprecation.ts'

const asked = (path: string, headers: Record<string, string> = {}) => {
  const given = new Headers(headers)
  return canonicalPath(path, (name) => given.get(name))
}

/** Of Chrome, where somebody follows a link. */
const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7'

describe('the version of a request', () => {
  it.each([
    ['its path (R3.1)', '/v2/users', {}, '2', 'path'],
    ['X-API-Version (R3.4)', '/users', { 'X-API-Version': '2' }, '2', 'X-API-Version'],
    ['the media type (R3.5)', '/users', { Accept: 'application/json;v=2' }, '2', 'Accept'],
    ['a media type among others', '/users', { Accept: 'text/html, application/json; q=0.9; v="2"' }, '2', 'Accept'],
    ['api-version, the first of several (R3.6)', '/users', { 'api-version': '2, 1' }, '2', 'API-Version'],
    ['nothing, and then it is the first (R3.1)', '/users', {}, '1', 'default'],
    [
      'nothing, as a browser asks for other formats by a version',
      '/users',
      { Accept: 'text/html,application/signed-exchange;v=b3;q=0.7,*/*;q=0.8' },
      '1',
      'default',
    ],
    ['nothing, as a media type without a version says none', '/users', { Accept: 'application/json' }, '1', 'default'],
    ['nothing, as `v` of what browsers take is not ours', '/users', { Accept: BROWSER }, '1', 'default'],
    ['a media type that is wanted at all', '/users', { Accept: 'application/json;v=1;q=0, */*;v=2' }, '2', 'Accept'],
  ])('is said by %s', (_by, path, headers, version, by) => {
    expect(asked(path, headers)).toEqual({ path: `/v${version}/users`, resolved: { version, by } })
  })

  it('is the path’s, whatever headers say; then X-API-Version, then Accept, then api-version (R3.7)', () => {
    const all = { 'X-API-Version': '2', Accept: 'application/json;v=1', 'api-version': '1' }
    expect(asked('/v1/users', all).resolved).toEqual({ version: '1', by: 'path' })
    expect(asked('/users', all).resolved).toEqual({ version: '2', by: 'X-API-Version' })
    expect(asked('/users', { ...all, 'X-API-Version': '' }).resolved).toEqual({ version: '1', by: 'Accept' })
    expect(asked('/users', { 'api-version': '2' }).path).toBe('/v2/users')
    // No header makes a path of it that there is.
    expect(asked('/v3/users', { 'X-API-Version': '9' })).toMatchObject({ path: '/v3/users', resolved: { by: 'path' } })
  })

  it.each([
    [{ 'X-API-Version': '3' }, 'X-API-Version'],
    [{ 'X-API-Version': 'v2' }, 'X-API-Version'],
    [{ Accept: 'application/json;v=9' }, 'Accept'],
    [{ 'api-version': 'latest' }, 'API-Version'],
  ])('named by %j is unknown, and no other is taken in its place (R3.7)', (headers, by) => {
    expect(asked('/users', headers).resolved).toMatchObject({ by, unknown: expect.any(String) })
  })

  it('of what has none is not asked for', () => {
    expect(asked('/health', { 'X-API-Version': '2' })).toMatchObject({ path: '/health', resolved: { by: 'default' } })
  })
})

describe('what goes', () => {
  const going = deprecatedSince('2026-01-01', { successor: '/v2/users', docs: '/api/v2/docs' })

  it('is told in the words of RFC 9745, of RFC 8594 and our own, all from one date (R3.14, R3.15)', () => {
    expect(deprecationHeaders(going)).toEqual({
      Deprecation: '@1767225600',
      Sunset: 'Thu, 31 Dec 2026 23:59:59 GMT',
      Link: '</v2/users>; rel="successor-version", </api/v2/docs>; rel="deprecation"; type="text/html"',
      'X-API-Deprecated': 'true',
      'X-API-Sunset': '2026-12-31',
    })
  })

  it('is kept for 6 to 12 months, whole days of which are left (R3.19)', () => {
    const months = (going.sunset.getTime() - going.since.getTime()) / (30.44 * 24 * 60 * 60_000)
    expect([months >= 6, Math.round(months) <= 12]).toEqual([true, true])
    expect(daysLeft(going, Date.UTC(2026, 11, 30))).toBe(1)
    expect(daysLeft(going, Date.UTC(2026, 11, 31, 12))).toBe(0)
    expect(daysLeft(going, Date.UTC(2027, 1, 1))).toBe(0)
  })
})
