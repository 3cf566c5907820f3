import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_PATH, launchBrowser, newVisitor } from '../support/node/browser.ts'
import { startSystem } from '../support/node/system.ts'
import { startTcpProxy } from '../support/node/tcp-proxy.ts'

const BUILT = new URL('../../dist/web/', import.meta.url)
const byId = (id: string) => `[data-testid="${id}"]`

/** Until the shell of this page's build is kept, and pages are opened by what keeps it. */
async function untilKept(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready)
  await page.reload()
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
}

describe.skipIf(CHROMIUM_PATH === '')('a page without a network', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  it('opens at any address, says so, keeps nothing of the API, and goes on by itself when there is one', async () => {
    const system = await startSystem()
    const wire = await startTcpProxy({ host: system.url.hostname, port: Number(system.url.port) })
    const { page, context, errors } = await newVisitor(browser, `http://127.0.0.1:${wire.port}`, {
      serviceWorkers: 'allow',
    })
    const ann = { email: 'ann@people.test', password: 'Woven-edge-7', firstName: 'Ann', lastName: 'Lee' }
    await context.request.post('/v1/auth/register', { data: { ...ann, session: 'cookie' } })
    await page.goto('/')
    await page.locator(byId('current-user')).waitFor()
    await untilKept(page)
    wire.cut()
    await page.reload()
    await page.locator(byId('unreachable')).waitFor()
    await page.goto('/app/account?tab=sessions')
    await page.locator(byId('unreachable')).waitFor()
    const kept = await page.evaluate(async () => {
      const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))
      return requests.flat().map(({ url }) => new URL(url).pathname)
    })
    expect(kept.filter((path) => !/^\/(assets\/.+\.(js|css)|favicon\.svg)?$/.test(path))).toEqual([])
    expect(kept.length).toBeGreaterThan(5)
    wire.mend()
    await page.locator(byId('current-user')).waitFor()
    expect(page.url()).toContain('/app/account?tab=sessions')
    expect(errors).toEqual([])
    await context.close()
    await wire.close()
    await system.close()
  })

  it('has its scripts after a deployment as long as it is open, and the new ones at its next load', async () => {
    const site = await startSite()
    const { page, context } = await newVisitor(browser, site.origin, { serviceWorkers: 'allow' })
    await page.goto('/')
    await untilKept(page)
    const script = await page.evaluate(() => document.querySelector<HTMLScriptElement>('script[src]')?.src ?? '')
    const ask = (on: Page) => on.evaluate(async (url) => (await fetch(url)).status, script)

    site.deploy(new URL(script).pathname)
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update())
    await page.waitForFunction(async () => (await navigator.serviceWorker.ready).waiting !== null)
    expect(await ask(page)).toBe(200)
    expect(await page.locator('meta[name="deployed"]').count()).toBe(0)
    await page.reload()
    expect(await page.locator('meta[name="deployed"]').count()).toBe(1)
    // Another tab may still be of the build before.
    expect(await ask(page)).toBe(200)

    // The last page of the build before is closed: what it kept goes.
    await page.close()
    const keptNow = async () => {
      const visit = await context.newPage()
      await visit.goto(`${site.origin}/favicon.svg`)
      const names = await visit.evaluate(() => caches.keys())
      await visit.close()
      return names.map((name) => name.replace(/[^-]+$/, ''))
    }
    await expect.poll(keptNow, { timeout: 15_000 }).toEqual(['next-selvage-shell-'])
    await context.close()
    await site.close()
  })
})

/** The built pages as files, and nobody signed in; a deployment takes a file away and changes the others. */
async function startSite() {
  let gone: string | null = null
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site.test')
    const path = pathname === '/' ? '/index.html' : pathname
    const type = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' }[
      path.split('.')[1] ?? ''
    ]
    try {
      if (path === gone || !type) throw new Error('There is no such file')
      const text = await readFile(new URL(`.${path}`, BUILT), 'utf8')
      response.setHeader('content-type', type)
      response.end(gone === null ? text : deployed(text, gone))
    } catch {
      response.statusCode = path.startsWith('/v1/') ? 401 : 404
      response.end('{}')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    deploy: (path: string) => {
      gone = path
    },
    close: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

/** Another build: its document says so, its worker keeps other files under another name. */
function deployed(text: string, gone: string): string {
  return text
    .replace('<head>', '<head><meta name="deployed">')
    .replace(/selvage-shell-\$?\{?/, (name) => `next-${name}`)
    .replaceAll(`"${gone}"`, '"/index.html"')
}
