import { grownProductId } from '../support/product-rows.ts'
import type { Call } from './load/http.ts'
import { type BenchPerson, CATEGORY, PASSWORD } from './world.ts'

/** What is compared: the Worker, the least that could do the same on its runtime, and peers. */
export const SYSTEMS = ['selvage', 'floor', 'nest-express', 'nest-fastify'] as const
export type SystemName = (typeof SYSTEMS)[number]

export interface Case {
  name: string
  /** What the floor does of it. */
  floor: 'a bare Hono route' | 'the same calls to the databases' | 'none'
  connections: number
  /** The next call to each system that takes part. */
  calls: Partial<Record<SystemName, () => Call>>
  /** Answered by hashing, of which a second has few. */
  isSlow?: true
}

export interface CaseWorld {
  products: number
  people: readonly BenchPerson[]
  /** Tokens of people that a peer has signed in. */
  peerTokens: Record<string, string>
  /** Cursors of pages to go on from, of each system: taken beforehand, so that no two calls in a row are the same. */
  cursors: Partial<Record<SystemName, readonly string[]>>
  /** Products that clients of the Worker have, with the tag that each came with. */
  seen: readonly SeenProduct[]
}

export interface SeenProduct {
  id: string
  etag: string
}

const json = (body: unknown): Pick<Call, 'method' | 'headers' | 'body'> => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
export const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

/** Goes round these; each system has a round of its own. */
function cycle<T>(values: readonly T[]): () => T {
  let next = 0
  return () => {
    const value = values[next++ % values.length]
    if (value === undefined) throw new Error('There is nothing to go round')
    return value
  }
}

/** Ids of published products in an order that no cache foresees. */
export function scatteredIds(products: number): () => string {
  let number = 0
  return () => {
    do number = (number + 7_919) % products
    while (number % 10 === 3)
    return grownProductId(number)
  }
}

/** What all remember, the same of everybody. */
const FIRST_PAGE = `category=${CATEGORY}&sortBy=price&order=asc&limit=20`

/** A page of a category by price, within a range. */
export const LIST = `/v1/products?category=${CATEGORY}&minPrice=1000&maxPrice=900000&sortBy=price&order=asc&limit=20`

export const searchPath = (minPrice: number) => `/v1/products/search?q=running%20linen&minPrice=${minPrice}&limit=20`

const fixed = (path: string) => () => ({ path })

export function plainCases(): Case[] {
  return [
    {
      name: 'health',
      floor: 'a bare Hono route',
      connections: 32,
      calls: {
        selvage: fixed('/version'),
        floor: fixed('/hono/version'),
        'nest-express': fixed('/version'),
        'nest-fastify': fixed('/version'),
      },
    },
  ]
}

export function productCases({ products, people, peerTokens, cursors, seen }: CaseWorld): Case[] {
  const tokens = cycle(people.map(({ token }) => token))
  const rows = products.toLocaleString('en')
  const list = (name: SystemName, path: string) => {
    const next = cycle(cursors[name] ?? [''])
    return () => ({ path: `${path}&cursor=${next()}` })
  }
  // One in ten has these words. The lowest price leaves out next to none; as it is always another one, nobody remembers.
  const search = () => {
    let minPrice = 0
    return () => ({ path: searchPath(minPrice++) })
  }
  const signedIn = (name: SystemName, next: () => Call) => () => {
    const { headers, ...call } = next()
    const token = name === 'selvage' ? tokens() : (peerTokens[name] ?? '')
    return { ...call, headers: { ...headers, ...bearer(token).headers } }
  }
  const again = (callOf: (product: SeenProduct) => Call) => {
    const next = cycle(seen)
    return () => callOf(next())
  }
  const remembered = again(({ id }) => ({ path: `/v1/signed-in-cached-products/${id}` }))
  const one = (path: string) => {
    const next = scatteredIds(products)
    return () => ({ path: `${path}/${next()}` })
  }
  return [
    {
      name: `signed in, product by id, always another (${rows})`,
      floor: 'the same calls to the databases',
      connections: 16,
      calls: {
        selvage: signedIn('selvage', one('/v1/products')),
        floor: () => ({ path: '/replays/product' }),
        'nest-express': signedIn('nest-express', one('/v1/signed-in-products')),
        'nest-fastify': signedIn('nest-fastify', one('/v1/signed-in-products')),
      },
    },
    {
      name: `signed in, product by id, seen before (${rows})`,
      floor: 'the same calls to the databases',
      connections: 16,
      calls: {
        selvage: signedIn(
          'selvage',
          again(({ id, etag }) => ({ path: `/v1/products/${id}`, headers: { 'if-none-match': etag } })),
        ),
        floor: () => ({ path: '/replays/product' }),
        'nest-express': signedIn('nest-express', remembered),
        'nest-fastify': signedIn('nest-fastify', remembered),
      },
    },
    {
      name: `list: filter, sort, cursor (${rows})`,
      floor: 'the same calls to the databases',
      connections: 16,
      calls: {
        selvage: list('selvage', LIST),
        floor: () => ({ path: '/replays/list' }),
        'nest-express': list('nest-express', LIST),
        'nest-fastify': list('nest-fastify', LIST),
      },
    },
    {
      name: `full-text search, always another (${rows})`,
      floor: 'the same calls to the databases',
      connections: 8,
      calls: {
        selvage: search(),
        floor: () => ({ path: '/replays/search' }),
        'nest-express': search(),
        'nest-fastify': search(),
      },
    },
    {
      name: `first page of the list, remembered (${rows})`,
      floor: 'a bare Hono route',
      connections: 32,
      calls: {
        selvage: fixed(`/v1/products?${FIRST_PAGE}`),
        floor: fixed('/hono/products'),
        'nest-express': fixed(`/v1/cached-products?${FIRST_PAGE}`),
        'nest-fastify': fixed(`/v1/cached-products?${FIRST_PAGE}`),
      },
    },
    {
      name: `signed in, the same page (${rows})`,
      floor: 'a bare Hono route',
      connections: 32,
      calls: {
        selvage: signedIn('selvage', fixed(`/v1/products?${FIRST_PAGE}`)),
        floor: fixed('/hono/products'),
        'nest-express': signedIn('nest-express', fixed(`/v1/signed-in-cached-products?${FIRST_PAGE}`)),
        'nest-fastify': signedIn('nest-fastify', fixed(`/v1/signed-in-cached-products?${FIRST_PAGE}`)),
      },
    },
  ]
}

export function identityCases({ people, peerTokens }: CaseWorld): Case[] {
  const emails = cycle(people.map(({ email }) => email))
  const tokens = cycle(people.map(({ token }) => token))
  let registered = 0
  const signIn = () => ({ path: '/v1/auth/login', ...json({ email: emails(), password: PASSWORD }) })
  const register = () => {
    registered += 1
    const email = `new-${process.pid}-${registered}@people.test`
    return { path: '/v1/auth/register', ...json({ email, password: PASSWORD, firstName: 'New', lastName: 'Person' }) }
  }
  const me = (token: () => string) => () => ({ path: '/v1/auth/me', ...bearer(token()) })
  return [
    {
      name: 'token check, and who it is',
      floor: 'the same calls to the databases',
      connections: 16,
      calls: {
        selvage: me(tokens),
        floor: () => ({ path: '/replays/me' }),
        'nest-express': me(() => peerTokens['nest-express'] ?? ''),
        'nest-fastify': me(() => peerTokens['nest-fastify'] ?? ''),
      },
    },
    {
      name: 'sign-in (scrypt, 32 MiB)',
      floor: 'none',
      connections: 2,
      isSlow: true,
      calls: { selvage: signIn, 'nest-express': signIn, 'nest-fastify': signIn },
    },
    {
      name: 'register (scrypt, 32 MiB)',
      floor: 'none',
      connections: 2,
      isSlow: true,
      calls: { selvage: register, 'nest-express': register, 'nest-fastify': register },
    },
  ]
}
