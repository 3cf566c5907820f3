import { mkdirSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

/** Empty where there is no browser: then the tests that need one are skipped (scripts/test.mjs says so). */
export const CHROMIUM_PATH = process.env.CHROMIUM_PATH ?? ''

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM_PATH, args: ARGUMENTS })
}

/** One person's browser: what it asked of other hosts and what its pages complained of is kept. */
export interface Visitor {
  context: BrowserContext
  page: Page
  outside: string[]
  errors: string[]
  /** What it asked for and what came of it: printed when a test fails. */
  network: string[]
  /** The addresses of the sockets that the page has opened, in order. */
  sockets: string[]
}

/** How people look at the pages in stories: on a desk by day, or as on a phone by night with `LOOK=phone-dark`. */
const LOOK =
  process.env.LOOK === 'phone-dark'
    ? { viewport: { width: 390, height: 780 }, colorScheme: 'dark' as const }
    : { viewport: { width: 1180, height: 760 } }

export async function newVisitor(browser: Browser, baseURL: string, options = {}): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL,
    ...LOOK,
    // What a page asks for through one is not seen by a test's own answers.
    serviceWorkers: 'block',
    ...options,
  })
  const page = await context.newPage()
  const visitor: Visitor = { context, page, outside: [], errors: [], network: [], sockets: [] }
  context.on('request', (request) => {
    if (!request.url().startsWith(baseURL) && !request.url().startsWith('data:')) visitor.outside.push(request.url())
  })
  context.on('requestfailed', (request) =>
    visitor.network.push(`${request.method()} ${request.url()} ${request.failure()?.errorText}`),
  )
  context.on('response', (response) =>
    visitor.network.push(`${response.request().method()} ${response.url()} ${response.status()}`),
  )
  page.on('pageerror', (error) => visitor.errors.push(error.message))
  page.on('websocket', (socket) => visitor.sockets.push(socket.url()))
  return visitor
}

const SCREENS = process.env.SCREENSHOTS ?? 'test-results/screens'

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true })
  await page.screenshot({ path: `${SCREENS}/${name}.png`, animations: 'disabled' })
}
