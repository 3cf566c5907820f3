import { describe, expect, it } from 'vitest'
import { wantedPlace } from '../../src/web/account/wanted-place.ts'
import { forgotHref, placeAfter, signInHref } from '../../src/web/way-back.ts'

const SHIRT = { path: '/app/shop/linen-shirt', query: { variant: 'LS-M' } }

describe('the way back after signing in', () => {
  it('leads to the page and the query that one came from', () => {
    const { searchParams, pathname } = new URL(signInHref(SHIRT), 'http://page.test')
    expect([pathname, placeAfter(searchParams.get('next') ?? '')]).toEqual(['/', '/app/shop/linen-shirt?variant=LS-M'])
  })

  it('goes by way of a new password, too, and is told in words', () => {
    const query = Object.fromEntries(new URL(signInHref(SHIRT), 'http://page.test').searchParams)
    const forgot = new URL(forgotHref({ path: '/', query }), 'http://page.test')
    expect(forgot.searchParams.get('next')).toBe('/app/shop/linen-shirt?variant=LS-M')
    expect(signInHref({ path: forgot.pathname, query: Object.fromEntries(forgot.searchParams) })).toBe(
      signInHref(SHIRT),
    )
    expect(wantedPlace({ path: '/', query })).toContain('back in the shop')
    expect(signInHref({ path: '/', query: {} })).toBe('/')
  })

  it.each([
    'https://evil.test/app/shop',
    '//evil.test/app/shop',
    '/\\evil.test/app/shop',
    '/\t/evil.test/app/shop',
    '/.//evil.test/app/shop',
    'javascript:alert(1)',
    'app/shop',
    '/v1/auth/logout',
    '/app/nowhere',
    '/app/signing-in?code=1',
    '/?next=/app/shop',
    '',
  ])('leads nowhere by %j', (next) => {
    expect(placeAfter(next)).toBe(null)
  })
})
