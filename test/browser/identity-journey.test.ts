import { generateSync } from 'otplib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { testSettings } from '../support/test-settings.ts'

const EMAIL = 'ines@people.test'
const FIRST = 'Kettle-river-anvil-9'
const SECOND = 'Lantern-harbour-moss-4'
const byId = (id: string) => `[data-testid="${id}"]`

/** Each test goes on where the one before it ended: they are the days of one account. */
describe.skipIf(CHROMIUM_PATH === '')('the life of an account', () => {
  let system: RunningSystem
  let browser: Browser
  let desk: Visitor
  let phone: Visitor
  let secret = ''
  let codes: string[] = []

  const press = (page: Page, id: string) => page.locator(byId(id)).click()
  const seen = (page: Page, id: string) => page.locator(byId(id)).waitFor()
  const fill = async (page: Page, values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) await page.locator(`input[name="${name}"]`).fill(value)
  }
  /** What the app shows so many steps of thirty seconds from now. */
  const code = (steps: number) => generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + steps * 30 })

  /** A browser of its own. Links of mails lead to where the settings say that the pages are, which here is elsewhere. */
  const open = async (): Promise<Visitor> => {
    const visitor = await newVisitor(browser, system.url.origin)
    await visitor.context.route(`${testSettings().FRONTEND_URL}/**`, (route) => {
      const { pathname, search } = new URL(route.request().url())
      return route.fulfill({ status: 302, headers: { location: `${system.url.origin}${pathname}${search}` } })
    })
    return visitor
  }

  /** Opens the mailbox beside the page, waits for the mail, and presses its button. */
  const followMail = async ({ context }: Visitor, subject: string): Promise<Page> => {
    const mailbox = await context.newPage()
    const mail = mailbox.getByRole('link', { name: subject }).first()
    const look = async () => {
      await mailbox.goto('/dev/mail')
      return mail.isVisible()
    }
    await expect.poll(look, { timeout: 20_000, interval: 300 }).toBe(true)
    await mail.click()
    const opening = context.waitForEvent('page')
    await mailbox.frameLocator('iframe').getByRole('link').first().click()
    const page = await opening
    await mailbox.close()
    return page
  }

  const enterPassword = async (page: Page, password: string) => {
    await page.goto('/app/account?tab=security')
    await fill(page, { email: EMAIL, password })
    await press(page, 'login-submit')
  }
  const enterBackupCode = async (page: Page, backupCode: string) => {
    await press(page, 'second-step-other')
    await fill(page, { backupCode })
    await press(page, 'second-step-submit')
  }
  const signOut = async (page: Page) => {
    await press(page, 'account-menu')
    await press(page, 'sign-out')
    await seen(page, 'login-form')
  }

  beforeAll(async () => {
    system = await startSystem()
    browser = await launchBrowser()
    desk = await open()
    phone = await open()
  })

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    await screenshot(desk.page, 'failed-journey-desk')
    await screenshot(phone.page, 'failed-journey-phone')
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  it('begins with a registration, and an address that is verified by a mail’s link (R10.9, R10.13, R10.18)', async () => {
    const { page } = desk
    await page.goto('/')
    await press(page, 'show-register')
    await fill(page, { firstName: 'Ines', lastName: 'Lund', email: EMAIL, password: FIRST })
    await press(page, 'register-submit')
    await seen(page, 'verify-banner')

    const opened = await followMail(desk, 'Verify your e-mail address')
    await press(opened, 'verify-submit')
    await seen(opened, 'verify-done')
    await opened.close()
    await page.reload()
    await seen(page, 'bell')
    expect(await page.locator(byId('verify-banner')).count()).toBe(0)
  })

  it('goes on with two-step sign-in, for which another library makes the codes (R8.18)', async () => {
    const { page } = desk
    await page.goto('/app/account?tab=security')
    await press(page, 'mfa-set-up')
    secret = (await page.locator(byId('mfa-secret')).inputValue()).replaceAll(' ', '')
    await fill(page, { code: code(0) })
    await press(page, 'mfa-enable')
    await seen(page, 'backup-code-list')
    codes = await page.locator(`${byId('backup-code-list')} code`).allTextContents()
    await press(page, 'backup-codes-kept')
    await page.locator(`${byId('mfa-facts')}[data-enabled="true"]`).waitFor()

    await signOut(page)
    await enterPassword(page, FIRST)
    await seen(page, 'second-step')
    await fill(page, { mfaCode: code(1) })
    await press(page, 'second-step-submit')
    await seen(page, 'mfa-facts')
  })

  it('survives the loss of the device by a backup code, which is good once (R8.14)', async () => {
    const { page } = phone
    await enterPassword(page, FIRST)
    await enterBackupCode(page, codes[0] ?? '')
    await seen(page, 'mfa-facts')
    await signOut(page)
    await enterPassword(page, FIRST)
    await enterBackupCode(page, codes[0] ?? '')
    await seen(page, 'error-backupCode')
    await fill(page, { backupCode: codes[1] ?? '' })
    await press(page, 'second-step-submit')
    await seen(page, 'mfa-facts')
  })

  it('ends on every device when the password is reset, and goes on with the new one alone (R9.8, R9.14)', async () => {
    const stranger = await open()
    const { page } = stranger
    await page.goto('/')
    await press(page, 'show-forgot')
    await fill(page, { email: EMAIL })
    await press(page, 'forgot-submit')
    await seen(page, 'forgot-sent')
    const opened = await followMail(stranger, 'Password reset request')
    await fill(opened, { newPassword: SECOND, confirmPassword: SECOND })
    await press(opened, 'reset-submit')
    await seen(opened, 'reset-done')

    // Nothing is pressed there: the end of their sessions is told.
    for (const device of [desk, phone]) await device.page.locator(byId('login-form')).waitFor({ timeout: 20_000 })
    await enterPassword(page, FIRST)
    await page.getByText('E-mail address or password is wrong').waitFor()
    await enterPassword(page, SECOND)
    await enterBackupCode(page, codes[2] ?? '')
    await seen(page, 'mfa-facts')
    for (const { errors } of [desk, phone, stranger]) expect(errors).toEqual([])
    await stranger.context.close()
  })
})
