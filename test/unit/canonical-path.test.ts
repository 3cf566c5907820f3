import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalPath, pathnameOf } from '../../src/http/canonical-path.ts'

const pathOf = (pathname: string) => canonicalPath(pathname).path

describe('the path that routes know', () => {
  it.each([
    ['/v1/chat/rooms', '/v1/chat/rooms'],
    ['/v2/products', '/v2/products'],
    ['/v10/products', '/v10/products'],
    ['/v1', '/v1'],
  ])('of %s is %s: it says its version', (pathname, path) => {
    expect(pathOf(pathname)).toBe(path)
  })

  it.each([
    ['/auth/login', '/v1/auth/login'],
    ['/chat/rooms/7/ws', '/v1/chat/rooms/7/ws'],
    ['/versions', '/v1/versions'],
    ['/healthy', '/v1/healthy'],
    ['/v1beta/rooms', '/v1/v1beta/rooms'],
    ['/video', '/v1/video'],
    ['/vault', '/v1/vault'],
  ])('of %s is %s: without a version it is of the first', (pathname, path) => {
    expect(pathOf(pathname)).toBe(path)
  })

  it.each([
    ['/api/v1/chat/rooms', '/v1/chat/rooms'],
    ['/api/v2/products', '/v2/products'],
    ['/api/orders', '/v1/orders'],
    ['/api', '/v1/api'],
    ['/apiary', '/v1/apiary'],
    ['/apps', '/v1/apps'],
    ['/v1/api/keys', '/v1/api/keys'],
  ])('of %s is %s: `/api` before it means nothing', (pathname, path) => {
    expect(pathOf(pathname)).toBe(path)
  })

  it.each([
    '/',
    '/app/account',
    '/health',
    '/health/live',
    '/version',
    '/openapi/v1.json',
    '/metrics',
    '/.well-known/jwks.json',
    '/api/docs',
    '/api/v1/docs',
    '/api/v2/docs/index.html',
  ])('of %s is itself: it has no version', (pathname) => {
    expect(pathOf(pathname)).toBe(pathname)
  })

  it.each([
    ['/v1/chat/rooms/', '/v1/chat/rooms'],
    ['/chat/rooms/', '/v1/chat/rooms'],
    ['/api/v1/chat/rooms/', '/v1/chat/rooms'],
    ['/health/', '/health'],
    ['/api/docs/', '/api/docs'],
  ])('of %s is %s: a slash at its end means nothing', (pathname, path) => {
    expect(pathOf(pathname)).toBe(path)
  })

  it('is found in one step: what is canonical stays as it is', () => {
    for (const pathname of ['/rooms', '/api/v1/rooms/', '/health', '/', '/v3/x', '/api']) {
      expect(pathOf(pathOf(pathname))).toBe(pathOf(pathname))
    }
  })
})

describe('the path of a URL', () => {
  const bits = [
    '/',
    '//',
    '.',
    '..',
    '%2e',
    '%2F',
    '\\',
    '?',
    '#',
    ':',
    '@',
    ' ',
    '\t',
    'ä',
    '~',
    '-',
    ';',
    'v1',
    'rooms',
    'A_b',
  ]

  it('is what the platform reads in it', () => {
    const rest = fc.array(fc.constantFrom(...bits), { maxLength: 12 }).map((some) => some.join(''))
    const origin = fc.constantFrom(
      'http://localhost',
      'https://api.example:8443',
      'http://[::1]:80',
      'https://a@b.example',
    )
    fc.assert(
      fc.property(origin, rest, (at, path) => {
        const url = `${at}/${path}`
        expect(pathnameOf(url)).toBe(new URL(url).pathname)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each(['http://localhost', 'http://localhost?a=/b', 'http://localhost#/a', 'http://localhost/a?b=/c#/d'])(
    'is so too for %s',
    (url) => {
      expect(pathnameOf(url)).toBe(new URL(url).pathname)
    },
  )
})
