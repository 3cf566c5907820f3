import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { testSettings } from '../support/test-settings.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const LETTER_ID = '0199a1b2-0000-7000-8000-000000000001'
const EVENT_ID = '0199a1b2-0000-7000-8000-0000000000ee'
const PERSON = { email: 'wanda.weft@people.test', password: 'Woven-edge-7', firstName: 'Wanda', lastName: 'Weft' }

describe.skipIf(CHROMIUM_PATH === '')('an operator', () => {
  let system: RunningSystem
  let browser: Browser
  let wanda: Client
  let admin: Visitor

  beforeAll(async () => {
    system = await startSystem()
    wanda = createClient({ baseUrl: system.url.origin, session: 'body' })
    await wanda.auth.register(PERSON)
    browser = await launchBrowser()
    const { BOOTSTRAP_ADMIN_EMAIL: email = '', BOOTSTRAP_ADMIN_PASSWORD: password = '' } = testSettings()
    admin = await visit({ email, password })
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await screenshot(admin.page, 'failed-admin')
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  async function visit({ email, password }: { email: string; password: string }): Promise<Visitor> {
    const visitor = await newVisitor(browser, system.url.origin)
    const data = { email, password, session: 'cookie' }
    expect((await visitor.context.request.post('/v1/auth/login', { data })).ok()).toBe(true)
    return visitor
  }

  const tab = (page: Page, part: string) => page.locator(byId(`admin-tab-${part}`)).click()

  /** A message that failed as often as it is tried, though what it is for is done already: nothing hears it twice. */
  async function buryLetter(): Promise<void> {
    const payload = { userId: LETTER_ID, sessionIds: [], before: 1, reason: 'test' }
    const about = { id: EVENT_ID, type: 'sessions.revoked', version: 1, aggregateType: 'user_sessions' }
    const when = { sequence: 1, occurredAt: new Date().toISOString(), correlationId: 'a-test', traceparent: '' }
    const event = { ...about, ...when, aggregateId: LETTER_ID, payload }
    const database = await system.database()
    await database
      .prepare(
        `insert into dead_letters (id, subject, lane, subscriber, event_id, event_type, body, attempts, last_error,
           first_seen_at, last_seen_at)
         values (?, ?, 'critical', 'identity.close-sockets', ?, ?, ?, 5, 'Error: the object was down', ?, ?)`,
      )
      .bind(
        ...[LETTER_ID, `identity.close-sockets ${EVENT_ID}`, EVENT_ID, event.type],
        ...[JSON.stringify({ subscriber: 'identity.close-sockets', event }), Date.now(), Date.now()],
      )
      .run()
  }

  it('sees the requests that were just made, as numbers and as plots, and what they came to', async () => {
    const { page } = admin
    await page.goto('/app/admin?range=15m')
    await expectSoon(page, async () => {
      await page.locator(byId('figures-now')).click()
      return Number(await page.locator(byId('highlight-requests')).textContent({ timeout: 2_000 }))
    })
    const before = Number(await page.locator(byId('highlight-requests')).textContent())
    for (let i = 0; i < 12; i += 1) await wanda.rooms.list()
    await expectSoon(page, async () => {
      await wanda.rooms.list()
      await page.locator(byId('figures-now')).click()
      return Number(await page.locator(byId('highlight-requests')).textContent()) >= before + 12
    })
    const plot = page.locator(`${byId('figure-requests')} [role="img"]`)
    await plot.locator('canvas').waitFor()
    expect(await plot.getAttribute('aria-label')).toMatch(/^Requests\. All: \d+ now, at most \d+\./)
    await page.locator(`${byId('figure-requests')} summary`).press('Enter')
    const cells = await page.locator(`${byId('figure-requests')} td[data-title="All"]`).allTextContents()
    expect(cells).toHaveLength(15)
    expect(cells.reduce((sum, text) => sum + Number(text), 0)).toBeGreaterThanOrEqual(before + 12)
  })

  it('has a report of the last month made, day by day', async () => {
    const { page } = admin
    await tab(page, 'overview')
    await page.locator(byId('make-report')).click()
    const today = page.locator(`${byId('report')} tbody tr`).first()
    expect(await today.locator('td').nth(1).textContent()).toBe('2')
    expect(await page.locator(`${byId('report')} tbody tr`).count()).toBe(30)
  })

  it('has a message that was given up tried again, with a reason that the audit trail keeps', async () => {
    const { page } = admin
    await buryLetter()
    await tab(page, 'dead-letters')
    await page.locator(byId('dead-letter')).click()
    await page.getByText('the object was down').waitFor()
    expect(await page.locator('.json').textContent()).toContain('"reason": "test"')
    await page.locator(byId('redrive')).click()
    await page.locator(byId('reason')).fill('The object is back')
    await page.locator(byId('reason-go')).click()
    await page.getByText('It is on its way again.').waitFor()
    await page.getByText('Tried again').first().waitFor()
    expect(await page.locator(byId('redrive')).count()).toBe(0)

    await tab(page, 'audit')
    await page.locator('td', { hasText: 'The object is back' }).waitFor()
    await page.locator(byId('act-details')).first().click()
    expect(await page.locator(byId('act-dialog')).textContent()).toContain(EVENT_ID)
    await page.locator(byId('act-dialog-close')).click()
  })

  it('finds a person, changes their tier, and finds that in the audit trail', async () => {
    const { page } = admin
    await tab(page, 'users')
    await page.locator(byId('user-search')).fill('wanda')
    const row = page.locator(byId('user-row'), { hasText: 'Wanda Weft' })
    await expectSoon(page, async () => (await page.locator(byId('user-row')).count()) === 1)
    await row.click()
    await page.locator(byId('change-tier')).click()
    await page.locator(byId('tier-choice')).selectOption('premium')
    await page.locator(byId('reason')).fill('She weaves a lot')
    await page.locator(byId('reason-go')).click()
    await page.locator(byId('tier'), { hasText: 'Premium' }).waitFor()

    await page.locator(byId('acts-on')).click()
    await page.locator('td', { hasText: 'She weaves a lot' }).waitFor()
    const acts = await page.locator(`${byId('audit')} strong`).allTextContents()
    expect(acts).toEqual(['Tier changed', 'Email verification mailed', 'User registered'])
    expect(admin.errors).toEqual([])
    expect(admin.outside).toEqual([])
  })

  it('is nobody else: a plain person is told that these pages are not theirs', async () => {
    const visitor = await visit(PERSON)
    for (const part of [
      '',
      '/health',
      '/dead-letters',
      '/audit',
      '/users',
      '/access',
      '/catalog',
      '/limits',
      '/reports',
    ]) {
      await visitor.page.goto(`/app/admin${part}`)
      await visitor.page.locator(byId('forbidden')).waitFor()
    }
    expect(visitor.network.filter((line) => line.includes('/v1/admin'))).toEqual([])
    expect(visitor.errors).toEqual([])
  })
})

/** Asks until it is so; the page itself says when it was. */
async function expectSoon(page: Page, isSo: () => Promise<boolean | number>): Promise<void> {
  for (let i = 0; i < 60; i += 1) {
    if (await isSo().catch(() => false)) return
    await page.waitForTimeout(250)
  }
  throw new Error('It did not come to be so')
}
