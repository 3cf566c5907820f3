import {
  bearer,
  type Case,
  type CaseWorld,
  identityCases,
  LIST,
  plainCases,
  productCases,
  type SeenProduct,
  type SystemName,
  scatteredIds,
} from './cases.ts'
import { makePeerDatabase } from './peer-world.ts'
import { recordReplays } from './replays.ts'
import { type CaseResult, type Plan, runCase } from './rounds.ts'
import type { System } from './system.ts'
import { buildPeers, startPeer, temporaryFile } from './systems/peers.ts'
import { type Runtime, startRuntime } from './systems/workers.ts'
import { type BenchPerson, makeCatalog, makePeople, PASSWORD } from './world.ts'

const PEERS = ['nest-express', 'nest-fastify'] as const
const PAGES = 40
const PRODUCTS_SEEN = 50

type Systems = Record<SystemName, System>

/** Every case at both sizes of the catalogue, each of them by all systems in turn. */
export async function benchHttp(plan: Plan, say: (text: string) => void): Promise<CaseResult[]> {
  const runtime = await startRuntime()
  const results: CaseResult[] = []
  let there = 0
  try {
    const people = await makePeople(runtime, 50)
    const [first] = people
    if (!first) throw new Error('There is nobody')
    buildPeers()
    for (const products of plan.sizes) {
      await makeCatalog(runtime, there, products)
      there = products
      const systems = await startSystems(runtime, products, people)
      try {
        const world: CaseWorld = {
          products,
          people,
          peerTokens: await signInAtPeers(systems, first),
          cursors: await cursorsOf(systems),
          seen: await seenAt(runtime.selvage, products, first),
        }
        await recordReplays(runtime.recorder.url, runtime.floor.url, world)
        const isFirst = products === plan.sizes[0]
        const cases = [
          ...(isFirst ? plainCases() : []),
          ...productCases(world),
          ...(isFirst ? identityCases(world) : []),
        ]
        for (const one of cases.filter(isWanted(plan))) results.push(await runCase(one, systems, plan, say))
      } finally {
        await Promise.all(PEERS.map((name) => systems[name].stop()))
      }
    }
  } finally {
    await runtime.selvage.stop()
  }
  return results
}

const isWanted =
  ({ only }: Plan) =>
  ({ name }: Case) =>
    only === undefined || name.includes(only)

async function startSystems(runtime: Runtime, products: number, people: readonly BenchPerson[]): Promise<Systems> {
  const [express, fastify] = await Promise.all(
    ['express', 'fastify'].map((adapter) => {
      const file = temporaryFile(`${adapter}-${products}.db`)
      makePeerDatabase({ file, products, people })
      return startPeer('nest/main.js', [adapter], {
        DATABASE_FILE: file,
        JWT_SECRET: 'a secret of this benchmark alone',
      })
    }),
  )
  if (!express || !fastify) throw new Error('Both peers are needed')
  return { selvage: runtime.selvage, floor: runtime.floor, 'nest-express': express, 'nest-fastify': fastify }
}

/** Somebody signs in at each peer as clients do. */
async function signInAtPeers(systems: Systems, { email }: BenchPerson): Promise<Record<string, string>> {
  const tokens = PEERS.map(async (name) => {
    const answer = await fetch(`${systems[name].url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
    })
    const { data } = (await answer.json()) as { data: { accessToken: string } }
    return [name, data.accessToken] as const
  })
  return Object.fromEntries(await Promise.all(tokens))
}

/** Where the pages of the list begin, as each system names that. */
async function cursorsOf(systems: Systems): Promise<CaseWorld['cursors']> {
  const walked = (['selvage', ...PEERS] as const).map(async (name) => {
    const cursors: string[] = []
    for (let next: string | null = ''; next !== null && cursors.length < PAGES; ) {
      const answer = await fetch(`${systems[name].url}${LIST}${next === '' ? '' : `&cursor=${next}`}`)
      const page = (await answer.json()) as { meta: { nextCursor: string | null } }
      next = page.meta.nextCursor
      if (next !== null) cursors.push(next)
    }
    return [name, cursors] as const
  })
  return Object.fromEntries(await Promise.all(walked))
}

/** Somebody reads products, and keeps them: asked for by their tags again, they are not sent a second time. */
async function seenAt({ url }: System, products: number, { token }: BenchPerson): Promise<SeenProduct[]> {
  const ids = scatteredIds(products)
  const read = async (id: string, headers: Record<string, string>) =>
    fetch(`${url}/v1/products/${id}`, { headers: { ...headers, ...bearer(token).headers } })
  return Promise.all(
    Array.from({ length: PRODUCTS_SEEN }, async () => {
      const id = ids()
      const etag = (await read(id, {})).headers.get('etag') ?? ''
      const { status } = await read(id, { 'if-none-match': etag })
      if (status !== 304) throw new Error(`A product that did not change was answered with ${status}`)
      return { id, etag }
    }),
  )
}
