import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { testSettings } from '../support/test-settings.ts'

const PASSWORD = 'Kettle-river-anvil-9'
const byId = (id: string) => `[data-testid="${id}"]`
const emailOf = (name: string) => `${name.toLowerCase()}@people.test`

describe.skipIf(CHROMIUM_PATH === '')('somebody with an account', () => {
  let system: RunningSystem
  let browser: Browser
  /** Ann's two browsers. */
  let desk: Visitor
  let phone: Visitor
  let bob: Client

  const program = async (firstName: string): Promise<Client> => {
    const client = createClient({ baseUrl: system.url.origin, session: 'body' })
    await client.auth.register({ email: emailOf(firstName), password: PASSWORD, firstName, lastName: 'Moss' })
    return client
  }
  const annId = () => desk.page.locator(byId('current-user')).getAttribute('data-user-id')
  const seen = async ({ page }: Visitor, id: string) => page.locator(byId(id)).waitFor()

  beforeAll(async () => {
    system = await startSystem()
    browser = await launchBrowser()
    desk = await newVisitor(browser, system.url.origin)
    phone = await newVisitor(browser, system.url.origin)
    bob = await program('Bob')
  })

  // What a person saw when a test failed, beside the results.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    await screenshot(desk.page, 'failed-desk')
    await screenshot(phone.page, 'failed-phone')
  })

  afterAll(async () => {
    bob?.close()
    await browser?.close()
    await system?.close()
  })

  it('registers with a password whose strength shows, and is where they wanted to go', async () => {
    const { page } = desk
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    await page.goto('/app/account?tab=sessions')
    await page.locator(byId('show-register')).click()
    // Nobody was signed in, and so nobody was told that by an error.
    expect([
      complaints,
      desk.network.filter((line) => line.includes('/auth/') && !/\/auth\/(passkeys|providers)/.test(line)),
    ]).toEqual([[], []])

    const level = () => page.locator(byId('password-strength')).getAttribute('data-level')
    await fill(page, { firstName: 'Ann', lastName: 'Lee', email: emailOf('Bob'), password: 'Ann-summer-2024' })
    expect(await level()).toBe('1')
    await page.getByText('It holds your name').waitFor()
    await fill(page, { password: PASSWORD })
    expect(await level()).toBe('4')
    await page.locator('input[name="password"]').evaluate((field) => {
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'A', bubbles: true, modifierCapsLock: true }))
    })
    await page.getByText('Caps Lock is on').waitFor()

    await page.locator(byId('register-submit')).click()
    await page.locator(byId('error-email')).waitFor()
    expect(await page.locator('input[name="email"]').evaluate((field) => field === document.activeElement)).toBe(true)
    await fill(page, { email: emailOf('Ann') })
    await page.locator(byId('register-submit')).click()
    await page.locator(`${byId('session')}[data-current="true"]`).waitFor()
    expect(new URL(page.url()).search).toBe('?tab=sessions')
  })

  it('is told of a wrong password, keeps the address, and gets in with the right one', async () => {
    const { page } = phone
    await page.goto('/')
    await fill(page, { email: emailOf('Ann'), password: 'Not-the-one-7' })
    await page.locator(byId('login-submit')).click()
    await page.getByText('E-mail address or password is wrong').waitFor()
    expect(await page.locator('input[name="email"]').inputValue()).toBe(emailOf('Ann'))
    await fill(page, { password: PASSWORD })
    await page.keyboard.press('Enter')
    await seen(phone, 'bell')
  })

  it('sees all their sessions and ends one: whoever is there is told at once, and finds their place again', async () => {
    await phone.page.goto('/app/account?tab=privacy')
    await seen(phone, 'nobody-blocked')
    await desk.page.reload()
    await desk.page.locator(byId('session')).nth(1).waitFor()
    await desk.page.locator(byId('end-session')).click()
    await desk.page.locator(byId('confirm-end-session-yes')).click()
    await seen(phone, 'session-ended')
    expect(await desk.page.locator(byId('session')).count()).toBe(1)
    await fill(phone.page, { email: emailOf('Ann'), password: PASSWORD })
    await phone.page.locator(byId('login-submit')).click()
    await seen(phone, 'nobody-blocked')
  })

  it('chooses how to be told: it holds after a reload, and what is not stored is taken back', async () => {
    const { page } = desk
    await page.goto('/app/account?tab=notifications')
    await page.locator(byId('choice-new_message-email')).uncheck()
    await page.locator(byId('channel-push')).click()
    await page.getByText('All changes are stored').waitFor()
    await page.reload()
    await seen(desk, 'preferences')
    expect(await page.locator(byId('choice-new_message-email')).isChecked()).toBe(false)
    expect(await page.locator(byId('channel-push')).isChecked()).toBe(false)
    expect(await page.locator(byId('choice-system-email')).isChecked()).toBe(true)

    await page.route('**/v1/notifications/preferences', (route) =>
      route.fulfill({ status: 500, json: { success: false, code: 'INTERNAL_ERROR', message: 'Broken' } }),
    )
    await page.locator(byId('channel-email')).click()
    await page.getByText('The last change was not stored').waitFor()
    expect(await page.locator(byId('channel-email')).isChecked()).toBe(true)
    await page.unroute('**/v1/notifications/preferences')
  })

  it('unblocks somebody, and takes their data along as a file', async () => {
    const { page } = desk
    const ann = createClient({ baseUrl: system.url.origin, session: 'body' })
    await ann.auth.login({ email: emailOf('Ann'), password: PASSWORD })
    const { id } = await bob.auth.me()
    await ann.people.block(id)
    await page.goto('/app/account?tab=privacy')
    await page.locator(byId('unblock')).click()
    await seen(desk, 'nobody-blocked')
    await page.locator(byId('toast')).getByText('Bob Moss can write to you again').waitFor()
    expect((await ann.people.blocked()).items).toEqual([])

    const download = page.waitForEvent('download')
    await page.locator(byId('data-download')).click()
    const kept = JSON.parse(await readFile(await (await download).path(), 'utf8'))
    expect(kept).toMatchObject({ account: { email: emailOf('Ann') }, acts: expect.any(Array) })
    await seen(desk, 'own-data')
    await ann.auth.logout()
    ann.close()
  })

  it('hears of a message on any page, in all tabs, and comes to it', async () => {
    const { page } = desk
    const tab = await desk.context.newPage()
    await tab.goto('/app/notifications')
    await tab.locator(byId('inbox-empty')).waitFor()
    await page.bringToFront()
    const room = await bob.rooms.openPrivate((await annId()) ?? '')
    await bob.messages.post(room.id, { content: 'Is the loom running?' })
    await page.locator(byId('toast')).getByText('Is the loom running?').waitFor()
    await page.waitForFunction(() => document.title.startsWith('(1) '))
    expect(await page.locator('link[rel="icon"]').getAttribute('href')).toContain('unread')
    await tab.locator(byId('notification-item')).waitFor()

    await page.locator(byId('bell')).click()
    await page.locator(byId('notification-item')).click()
    await page.locator(byId('message-content'), { hasText: 'Is the loom running?' }).waitFor()
    expect(new URL(page.url()).searchParams.get('message')).toBe('1')
    await tab.waitForFunction(() => !document.title.startsWith('('))
    await tab.close()
  })

  it('is let in where another tab tells who is signed in before the page listens', async () => {
    const visitor = await newVisitor(browser, system.url.origin)
    const data = { email: emailOf('Bob'), password: PASSWORD, session: 'cookie' }
    const answer = await visitor.context.request.post('/v1/auth/login', { data })
    const { accessToken, user } = (await answer.json()).data
    await visitor.page.addInitScript(
      (held) => {
        const channel = new BroadcastChannel('selvage-session')
        const telling = setInterval(() => channel.postMessage({ kind: 'held', held }), 1)
        addEventListener('load', () => setTimeout(() => clearInterval(telling), 500))
      },
      { accessToken, user, expiresAtMs: Date.now() + 600_000 },
    )
    await visitor.page.goto('/')
    await visitor.page.locator(byId('bell')).waitFor({ timeout: 10_000 })
    await visitor.context.close()
  })

  it('removes a notification, has it back, and removes it for good', async () => {
    const { page } = desk
    await page.goto('/app/notifications')
    const remove = async () => {
      await page.locator(byId('notification-actions')).click()
      await page.locator(byId('notification-remove')).click()
      await seen(desk, 'inbox-empty')
      // What had the focus is gone, and the focus is not.
      await page.waitForFunction(() => document.activeElement?.tagName === 'H1')
    }
    await remove()
    await page.getByRole('button', { name: 'Undo' }).click()
    await seen(desk, 'notification-item')
    await remove()
    // Leaving the page is saying that one means it.
    await page.goto('/app/account')
    await seen(desk, 'profile-facts')
    await page.goto('/app/notifications')
    await seen(desk, 'inbox-empty')
  })

  it('who is a moderator decides on reports, and is told where another was quicker', async () => {
    const { BOOTSTRAP_ADMIN_EMAIL = '', BOOTSTRAP_ADMIN_PASSWORD = '' } = testSettings()
    const data = { email: BOOTSTRAP_ADMIN_EMAIL, password: BOOTSTRAP_ADMIN_PASSWORD }
    const visitor = await newVisitor(browser, system.url.origin)
    await visitor.context.request.post('/v1/auth/login', { data: { ...data, session: 'cookie' } })
    const other = createClient({ baseUrl: system.url.origin, session: 'body' })
    await other.auth.login(data)

    const carla = await program('Carla')
    const group = await bob.rooms.create({ name: 'Looms', memberIds: [(await carla.auth.me()).id] })
    for (const content of ['Cheap looms!', 'Cheaper looms!']) {
      const { id } = await bob.messages.post(group.id, { content })
      await carla.messages.report(group.id, id, { category: 'spam', note: 'An advertisement' })
    }
    const { page } = visitor
    await page.goto('/app/admin/reports')
    const card = (text: string) => page.locator(byId('report'), { hasText: text })
    const decide = async (text: string, button: string) => {
      await card(text).locator(byId(button)).click()
      await page.locator(byId('decide-reason')).fill('An advertisement indeed')
      await page.locator(byId('decide-yes')).click()
      await card(text).waitFor({ state: 'detached' })
    }
    await decide('Cheap looms!', 'report-delete')
    const { items } = await carla.messages.list(group.id)
    expect(items.map(({ content }) => content)).not.toContain('Cheap looms!')

    const [open] = (await other.moderation.reports({ status: 'open' })).items
    await other.moderation.decide(open?.id ?? '', { decision: 'dismiss', reason: 'Harmless' })
    await decide('Cheaper looms!', 'report-delete')
    await page.getByText('You were not the first').waitFor()
    await page.locator(byId('reports-all')).click()
    await page.locator(byId('report-outcome')).nth(1).waitFor()
    expect(visitor.errors).toEqual([])
    for (const client of [other, carla]) client.close()
  })

  it('signs out everywhere: the other browser is told, and both are out', async () => {
    await desk.page.locator(byId('account-menu')).click()
    await desk.page.locator(byId('sign-out-everywhere')).click()
    await desk.page.locator(byId('confirm-sign-out-everywhere-yes')).click()
    await seen(desk, 'login-form')
    expect(await desk.page.locator(byId('session-ended')).count()).toBe(0)
    await seen(phone, 'session-ended')
    expect([desk.errors, phone.errors, desk.outside]).toEqual([[], [], []])
  })

  async function fill(page: Page, values: Record<string, string>): Promise<void> {
    for (const [name, value] of Object.entries(values)) await page.locator(`input[name="${name}"]`).fill(value)
  }
})
