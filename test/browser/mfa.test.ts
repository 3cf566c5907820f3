import { readFile } from 'node:fs/promises'
import { generateSync } from 'otplib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'

const PASSWORD = 'Kettle-river-anvil-9'
const NEXT_PASSWORD = 'Lantern-brook-hammer-4'
const EMAIL = 'ann@people.test'
const byId = (id: string) => `[data-testid="${id}"]`

describe.skipIf(CHROMIUM_PATH === '')('somebody who signs in with two steps', () => {
  let system: RunningSystem
  let browser: Browser
  let desk: Visitor
  let secret = ''
  let password = PASSWORD
  let codes: string[] = []

  const fill = async (page: Page, values: Record<string, string>) => {
    for (const [name, value] of Object.entries(values)) await page.locator(`input[name="${name}"]`).fill(value)
  }
  const press = (page: Page, id: string) => page.locator(byId(id)).click()
  const seen = (page: Page, id: string) => page.locator(byId(id)).waitFor()
  /** `steps` of thirty seconds from now. */
  const code = (steps = 0) => generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + steps * 30 })
  const signIn = async (page: Page) => {
    await page.goto('/app/account?tab=security')
    await fill(page, { email: EMAIL, password })
    await press(page, 'login-submit')
  }
  const signOut = async (page: Page) => {
    await page.context().clearCookies()
    await page.goto('/')
    await seen(page, 'login-form')
  }

  beforeAll(async () => {
    system = await startSystem()
    browser = await launchBrowser()
    desk = await newVisitor(browser, system.url.origin)
    const program = createClient({ baseUrl: system.url.origin, session: 'body' })
    await program.auth.register({ email: EMAIL, password: PASSWORD, firstName: 'Ann', lastName: 'Lee' })
    await (await system.database()).prepare('update users set is_email_verified = 1').bind().run()
    await program.apiKeys.create({ name: 'A script', scopes: ['read'], expiresInDays: 30 })
    program.close()
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await screenshot(desk.page, 'failed-mfa')
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  it('shows anew who they are where the server asks, once, and then has what they asked for', async () => {
    const { page } = desk
    await signIn(page)
    await seen(page, 'mfa-set-up')
    // As if they had signed in long ago.
    const refusal = { success: false, code: 'STEP_UP_REQUIRED', message: 'Show it', stepUp: { methods: ['password'] } }
    await page.route('**/v1/auth/mfa/setup', (route) => route.fulfill({ status: 403, json: refusal }), { times: 1 })
    await press(page, 'mfa-set-up')
    await seen(page, 'step-up')
    await page.keyboard.press('Escape')
    await page.locator(byId('step-up')).waitFor({ state: 'detached' })
    expect(await page.locator(byId('mfa-setup')).count()).toBe(0)

    await page.route('**/v1/auth/mfa/setup', (route) => route.fulfill({ status: 403, json: refusal }), { times: 1 })
    await press(page, 'mfa-set-up')
    const dialog = page.locator(byId('step-up'))
    await dialog.locator('input[name="password"]').fill('Not-the-one-7')
    await press(page, 'step-up-submit')
    await dialog.getByText('The password is wrong').waitFor()
    await dialog.locator('input[name="password"]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await seen(page, 'mfa-setup')
  })

  it('sets up an app by picture or key, and keeps the backup codes before they are gone (R8.5, R8.6)', async () => {
    const { page } = desk
    const picture = page.locator('.qr-code')
    expect(await picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0)).toBe(true)
    secret = (await page.locator(byId('mfa-secret')).inputValue()).replaceAll(' ', '')
    await fill(page, { code: '000000' })
    await press(page, 'mfa-enable')
    await seen(page, 'error-code')
    await fill(page, { code: `${code().slice(0, 3)} ${code().slice(3)}` })
    await press(page, 'mfa-enable')
    await seen(page, 'backup-code-list')
    codes = await page.locator(`${byId('backup-code-list')} code`).allTextContents()
    expect(codes).toHaveLength(10)

    await press(page, 'backup-codes-close')
    await page.getByText('not shown again. Keep them first').waitFor()
    const saving = page.waitForEvent('download')
    await press(page, 'backup-codes-save')
    const file = await readFile(await (await saving).path(), 'utf8')
    for (const one of codes) expect(file).toContain(one)
    await press(page, 'backup-codes-kept')
    await page.locator(`${byId('mfa-facts')}[data-enabled="true"]`).waitFor()
    expect(await page.locator(byId('mfa-codes-left')).textContent()).toContain('10 are left')
  })

  it('is asked for the code at the next sign-in, and is told of a wrong one beside it (R8.11, R8.13)', async () => {
    const { page } = desk
    await signOut(page)
    await page.goto('/app/shop?q=linen')
    await press(page, 'guest-sign-in')
    await fill(page, { email: EMAIL, password })
    await press(page, 'login-submit')
    await seen(page, 'second-step')
    expect(await page.locator(byId('mfa-code')).evaluate((field) => field === document.activeElement)).toBe(true)
    await fill(page, { mfaCode: '000000' })
    await page.keyboard.press('Enter')
    await seen(page, 'error-mfaCode')
    // The one of now was used to switch it on.
    await fill(page, { mfaCode: code(1) })
    await page.keyboard.press('Enter')
    await page.waitForURL('/app/shop?q=linen')
    await page.goto('/app/account?tab=security')
    await seen(page, 'mfa-facts')
  })

  it('is asked for the second factor by a change of password, which then goes on', async () => {
    const { page } = desk
    // As if they had signed in long ago.
    const stepUp = { methods: ['totp', 'backup-code'] }
    const refusal = { success: false, code: 'STEP_UP_REQUIRED', message: 'Show it', stepUp }
    const path = '**/v1/auth/change-password'
    await page.route(path, (route) => route.fulfill({ status: 403, json: refusal }), { times: 1 })
    await press(page, 'password-change')
    await fill(page, { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD })
    await press(page, 'password-submit')
    await seen(page, 'step-up-totp')
    await press(page, 'use-backup-code')
    await page.locator(`${byId('step-up')} input[name="backupCode"]`).fill(codes[2] ?? '')
    await press(page, 'step-up-submit')
    await page.locator(byId('password-form')).waitFor({ state: 'detached' })
    await page.getByText('Your API keys go on working').waitFor()
    password = NEXT_PASSWORD
  })

  it('gets in without the app by a backup code, which is told to be used up, and switches it off (R8.14, R8.9)', async () => {
    const { page } = desk
    await signOut(page)
    await signIn(page)
    await press(page, 'second-step-other')
    await fill(page, { backupCode: (codes[0] ?? '').toLowerCase().replaceAll('-', ' ') })
    await press(page, 'second-step-submit')
    await page.getByText('8 are left').first().waitFor()
    await seen(page, 'mfa-facts')

    await press(page, 'mfa-disable')
    await press(page, 'factor-backupCode')
    await fill(page, { password, backupCode: codes[0] ?? '' })
    await press(page, 'disable-mfa-submit')
    await seen(page, 'error-backupCode')
    await fill(page, { backupCode: codes[1] ?? '' })
    await press(page, 'disable-mfa-submit')
    await page.locator(`${byId('mfa-facts')}[data-enabled="false"]`).waitFor()
    const phone = createClient({ baseUrl: system.url.origin, session: 'body' })
    await phone.auth.login({ email: EMAIL, password })
    await page.locator(byId('toast')).getByText('Sign out other devices').click()
    await page.getByText('All other devices are signed out').waitFor()
    await expect(phone.auth.me()).rejects.toMatchObject({ status: 401 })
    phone.close()
    await signOut(page)
    await signIn(page)
    await seen(page, 'mfa-facts')
    expect(desk.errors).toEqual([])
  })
})
