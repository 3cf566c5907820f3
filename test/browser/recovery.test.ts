import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'

const FIRST = 'Kettle-river-anvil-9'
const SECOND = 'Lantern-orchard-rope-4'
const THIRD = 'Harbour-violet-spoon-7'
const EMAIL = 'ann@people.test'
const byId = (id: string) => `[data-testid="${id}"]`

describe.skipIf(CHROMIUM_PATH === '')('somebody whose account is theirs by their mailbox', () => {
  let system: RunningSystem
  let browser: Browser
  let desk: Visitor
  let phone: Visitor

  /** The newest link that was mailed to an address, of which `before` is an earlier one. */
  const mailedLink = async (address: string, before = ''): Promise<string> => {
    let link = ''
    await expect
      .poll(
        async () => {
          const url = new URL(`/dev/mail?to=${address}`, system.url)
          const { mails } = (await (await fetch(url, { headers: { accept: 'application/json' } })).json()) as {
            mails: { text: string }[]
          }
          const links = mails.flatMap(({ text }) => /https?:\S+#token=[0-9a-f]{64}/.exec(text)?.[0] ?? [])
          link = links.find((one) => one !== before) ?? ''
          return links[0] !== before && link !== ''
        },
        { timeout: 20_000 },
      )
      .toBe(true)
    // The settings name the port of `npm start`; this system has one of its own.
    const { pathname, hash } = new URL(link)
    return `${pathname}${hash}`
  }
  const signIn = async (page: Page, password: string) => {
    await page.locator('input[name="email"]').fill(EMAIL)
    await page.locator('input[name="password"]').fill(password)
    await page.locator(byId('login-submit')).click()
  }

  beforeAll(async () => {
    system = await startSystem()
    browser = await launchBrowser()
    desk = await newVisitor(browser, system.url.origin)
    phone = await newVisitor(browser, system.url.origin)
  })

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    await screenshot(desk.page, 'failed-desk')
    await screenshot(phone.page, 'failed-phone')
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  it('registers, opens the mailed link, presses, and is asked to verify no more (R10.17)', async () => {
    const { page } = desk
    await page.goto('/')
    await page.locator(byId('show-register')).click()
    const values = { firstName: 'Ann', lastName: 'Moss', email: EMAIL, password: FIRST }
    for (const [name, value] of Object.entries(values)) await page.locator(`input[name="${name}"]`).fill(value)
    await page.locator(byId('register-submit')).click()
    await page.locator(byId('verify-banner')).waitFor()
    await page.locator(byId('verify-resend')).click()
    await page.getByText('Look into your inbox').waitFor()

    const mailed = await desk.context.newPage()
    await mailed.goto(await mailedLink(EMAIL))
    // The token leaves the address at once, and nothing is used up before the press.
    await mailed.locator(byId('verify-form')).waitFor()
    expect(await mailed.locator(byId('verify-account')).textContent()).toContain('@')
    expect(mailed.url()).not.toContain('token')
    await page.reload()
    await page.locator(byId('verify-banner')).waitFor()
    await mailed.locator(byId('verify-submit')).click()
    await mailed.locator(byId('verify-done')).waitFor()
    await mailed.locator(byId('entry-home')).click()
    await mailed.locator(byId('current-user')).waitFor()
    await mailed.locator(byId('verify-banner')).waitFor({ state: 'detached' })
    await mailed.close()
  })

  it('resets a forgotten password by mail, and finds the other browser signed out (R9.14)', async () => {
    const { page } = phone
    await page.goto('/')
    await page.locator(byId('show-forgot')).click()
    await page.locator('input[name="email"]').fill(EMAIL)
    const before = await mailedLink(EMAIL)
    await page.locator(byId('forgot-submit')).click()
    await page.locator(byId('forgot-sent')).waitFor()
    const link = await mailedLink(EMAIL, before)
    await page.goto(link)
    await page.locator('input[name="newPassword"]').fill(SECOND)
    await page.locator('input[name="confirmPassword"]').fill(SECOND)
    await page.locator(byId('reset-submit')).click()
    await page.locator(byId('reset-done')).waitFor()

    await desk.page.locator(byId('session-ended')).waitFor({ timeout: 20_000 })
    await page.locator(byId('entry-home')).click()
    await signIn(page, FIRST)
    await page.locator(`${byId('form-error')} .account-problem`).waitFor()
    await signIn(page, SECOND)
    await page.locator(byId('current-user')).waitFor()

    // The link was good once.
    const again = await phone.context.newPage()
    await again.goto(link)
    await again.locator(byId('reset-dead')).waitFor()
    await again.close()
  })

  it('changes password and address in the security tab; the new address counts once its link is pressed', async () => {
    const { page } = phone
    await page.goto('/app/account?tab=security')
    await page.locator(byId('password-change')).click()
    await page.locator('input[name="currentPassword"]').fill(FIRST)
    await page.locator('input[name="newPassword"]').fill(THIRD)
    await page.locator(byId('password-submit')).click()
    await page.locator(byId('error-currentPassword')).waitFor()
    await page.locator('input[name="currentPassword"]').fill(SECOND)
    await page.locator(byId('password-submit')).click()
    await page.locator(byId('password-form')).waitFor({ state: 'detached' })

    await page.locator(byId('email-change')).click()
    await page.locator('input[name="newEmail"]').fill('ann.moss@people.test')
    await page.locator(byId('email-submit')).click()
    await page.locator(byId('email-wanted')).getByText('ann.moss@people.test').waitFor()
    const mailed = await phone.context.newPage()
    await mailed.goto(await mailedLink('ann.moss@people.test'))
    await mailed.locator(byId('verify-submit')).click()
    await mailed.locator(byId('verify-done')).waitFor()
    await mailed.close()
    await page.reload()
    await page.locator(byId('email-facts')).getByText('ann.moss@people.test').waitFor()
    expect([...desk.errors, ...phone.errors]).toEqual([])
    expect([...desk.outside, ...phone.outside]).toEqual([])
  })
})
