import { build } from 'esbuild'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser } from '../support/node/browser.ts'
import { type ClientWorld, openClientWorld } from '../support/node/client-world.ts'

declare global {
  var client: Client
  var heard: unknown[]
}

/** The client as a page has it, for tabs that show nothing: each has it as `client`. */
async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['src/client/index.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'selvage',
    write: false,
  })
  return `${outputFiles[0]?.text}
    globalThis.client = selvage.createClient({ baseUrl: location.origin, session: 'cookie' })
    globalThis.heard = []`
}

describe.skipIf(CHROMIUM_PATH === '')('the tabs of one person', () => {
  let world: ClientWorld
  let browser: Browser
  let context: BrowserContext
  let script: string
  let tabs: Page[]

  const open = async (): Promise<Page> => {
    const page = await context.newPage()
    await page.goto('/favicon.svg')
    await page.evaluate(script)
    return page
  }
  const inAll = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all(tabs.map((tab) => tab.evaluate(work)))

  beforeAll(async () => {
    world = await openClientWorld()
    browser = await launchBrowser()
    context = await browser.newContext({ baseURL: world.system.url.origin })
    script = await bundle()
    tabs = [await open(), await open(), await open()]
  })
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  it('are signed in together, share one renewal between them, and are signed out together', async () => {
    const grants: string[] = []
    context.on('request', (request) => {
      if (request.url().endsWith('/v1/auth/refresh')) grants.push(request.url())
    })
    await tabs[0]?.evaluate(() =>
      client.auth.register({
        email: 'eve@people.test',
        password: 'Woven-edge-7',
        firstName: 'Eve',
        lastName: 'Tester',
      }),
    )
    await tabs[2]?.waitForFunction(() => client.user !== null)
    expect(await inAll(async () => client.user?.firstName)).toEqual(['Eve', 'Eve', 'Eve'])
    expect(grants).toHaveLength(0)

    // The server takes the token no longer that all of them hold.
    let old: string | undefined
    await context.route('**/v1/chat/rooms', async (route) => {
      const token = route.request().headers().authorization
      old ??= token
      if (token === old) await route.fulfill({ status: 401, json: { success: false, code: 'UNAUTHENTICATED' } })
      else await route.continue()
    })
    const pages = await inAll(() => Promise.all(Array.from({ length: 3 }, () => client.rooms.list())))
    expect(pages.flat().map(({ items }) => items)).toEqual(Array.from({ length: 9 }, () => []))
    expect(grants).toHaveLength(1)

    await tabs[1]?.evaluate(() => client.auth.logout())
    await tabs[0]?.waitForFunction(() => client.user === null)
    await tabs[2]?.waitForFunction(() => client.user === null)
    expect(await tabs[2]?.evaluate(() => client.restore())).toBeNull()
  })

  it('tell each other what they do, and nobody else', async () => {
    await tabs[0]?.evaluate(() => client.auth.login({ email: 'eve@people.test', password: 'Woven-edge-7' }))
    await tabs[1]?.waitForFunction(() => client.user !== null)
    await inAll(async () => void client.tabs.listen('rooms', (data) => heard.push(data)))
    await tabs[0]?.evaluate(() => {
      client.tabs.tell('inbox', 'of another topic')
      client.tabs.tell('rooms', { read: 7 })
    })
    await tabs[2]?.waitForFunction(() => heard.length > 0)
    expect(await inAll(async () => heard)).toEqual([[], [{ read: 7 }], [{ read: 7 }]])
  })

  it('learn at once that the person was removed, has left, or that the session is over', async () => {
    const ann = await world.enter('ann')
    const eve = (await ann.people.search('eve'))[0]?.id ?? ''
    const rooms = await Promise.all(['One', 'Two', 'Three'].map((name) => ann.rooms.create({ name, memberIds: [eve] })))
    const [removed = '', left = '', over = ''] = rooms.map(({ id }) => id)
    const tab = tabs[1] as Page
    await tab.evaluate(
      async (ids) => {
        const opened = ids.map((id, at) => {
          const { promise, resolve } = Promise.withResolvers<void>()
          client.openRoom(id, {
            onEvent: ({ event }) => event === 'room:ready' && resolve(),
            onState: (state, reason) => state === 'closed' && heard.push([at, reason]),
          })
          return promise
        })
        await Promise.all(opened)
        heard.length = 0
      },
      [removed, left, over],
    )
    await ann.rooms.removeMember(removed, eve)
    await tab.waitForFunction(() => heard.length === 1)
    await tabs[0]?.evaluate((id) => client.rooms.leave(id), left)
    await tab.waitForFunction(() => heard.length === 2)
    await tabs[0]?.evaluate(() => client.auth.logoutEverywhere())
    await tab.waitForFunction(() => heard.length === 3)
    expect(await tab.evaluate(() => heard)).toEqual([
      [0, 'removed'],
      [1, 'left'],
      [2, 'session-ended'],
    ])
  })
})
