import { generateSync } from 'otplib'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type OpenIdServer, startOpenIdServer } from '../support/node/openid-server.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'

const FRONTEND = 'http://localhost:8787'
const byId = (id: string) => `[data-testid="${id}"]`

describe.skipIf(CHROMIUM_PATH === '')('somebody with an account elsewhere', () => {
  let loom: OpenIdServer
  let system: RunningSystem
  let browser: Browser
  let maya: Visitor

  beforeAll(async () => {
    loom = await startOpenIdServer(`${FRONTEND}/app/signing-in`)
    system = await startSystem({ FRONTEND_URL: FRONTEND, SIGN_IN_PROVIDERS: JSON.stringify([loom.settings]) })
    browser = await launchBrowser()
    maya = await newVisitor(browser, system.url.origin)
    // The port of a test is not known before it listens: where the provider leads back to is brought there.
    await maya.context.route(`${FRONTEND}/**`, (route) => {
      const { pathname, search } = new URL(route.request().url())
      return route.fulfill({ status: 302, headers: { location: `${system.url.origin}${pathname}${search}` } })
    })
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await screenshot(maya.page, 'failed-provider')
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
    await loom?.close()
  })

  it('is in by one press, and where they wanted to go; that account is then their only way in', async () => {
    const { page } = maya
    loom.enter({
      ...{ sub: 'maya', email: 'maya@loom.test', email_verified: true },
      ...{ given_name: 'Maya', family_name: 'Loom' },
    })
    await page.goto('/app/account?tab=security')
    await page.locator(byId('sign-in-with-loom')).click()
    const row = page.locator(`${byId('linked-account')}[data-provider="loom"][data-linked="true"]`)
    await row.waitFor()
    expect(new URL(page.url()).search).toBe('?tab=security')
    await row.getByText('maya@loom.test').waitFor()

    await page.getByRole('button', { name: 'Unlink Loom' }).click()
    await page.locator(byId('confirm-unlink-yes')).click()
    await page.getByText('You could not sign in any more').waitFor()
    await page.locator(byId('confirm-unlink-no')).click()
    expect(await row.count()).toBe(1)
  })

  it('has no password: no form asks for it, and one is chosen by a link that is mailed', async () => {
    const { page } = maya
    expect(await page.locator(byId('mfa-facts')).textContent()).not.toContain('password')
    expect(await page.locator(byId('password-change')).count()).toBe(0)
    await page.locator(byId('password-set')).click()
    await page.locator(byId('password-link-sent')).getByText('maya@loom.test').waitFor()
    const mailed = new URL('/dev/mail?to=maya@loom.test', system.url)
    const read = async () => (await fetch(mailed, { headers: { accept: 'application/json' } })).text()
    await expect.poll(read, { timeout: 20_000 }).toContain('/app/reset-password#token=')
  })

  it('is told what happened where they said no, and can go back', async () => {
    const other = await newVisitor(browser, system.url.origin)
    await other.page.goto('/app/signing-in?error=access_denied&state=x')
    await other.page.locator(byId('outside-failed')).waitFor()
    await other.page.locator(byId('outside-back')).click()
    await other.page.locator(byId('login-form')).waitFor()
    await other.context.close()
  })

  it('is offered the other ways in as soon as they can be loaded, and told until then', async () => {
    const other = await newVisitor(browser, system.url.origin)
    await other.page.route('**/v1/auth/providers', (route) => route.fulfill({ status: 500, json: {} }))
    await other.page.goto('/')
    await other.page.locator(byId('providers-unknown')).waitFor()
    await other.page.unroute('**/v1/auth/providers')
    await other.page.locator(byId('providers-unknown')).getByRole('button').click()
    await other.page.locator(byId('sign-in-with-loom')).waitFor()
    await other.context.close()
  })

  it('signs out and in again where nothing else shows who they are, and is back at what they wanted', async () => {
    const { page } = maya
    const refusal = { success: false, code: 'STEP_UP_REQUIRED', message: 'Show it', stepUp: { methods: ['sign-in'] } }
    await page.route('**/v1/auth/mfa/setup', (route) => route.fulfill({ status: 403, json: refusal }), { times: 1 })
    await page.locator(byId('mfa-set-up')).click()
    await page.locator(byId('step-up-sign-out')).click()
    await page.locator(byId('wanted-place')).getByText('your account').waitFor()
    expect(await page.locator(byId('step-up')).count()).toBe(0)
    await page.locator(byId('sign-in-with-loom')).click()
    await page.locator(byId('mfa-set-up')).waitFor()
    expect(new URL(page.url()).search).toBe('?tab=security')
  })

  it('is where they wanted to go also by a second step, and told why where that took too long', async () => {
    const { page } = maya
    await page.locator(byId('mfa-set-up')).click()
    const secret = (await page.locator(byId('mfa-secret')).inputValue()).replaceAll(' ', '')
    const codeIn = (steps: number) => generateSync({ secret, epoch: Math.floor(Date.now() / 1_000) + steps * 30 })
    await page.locator('input[name="code"]').fill(codeIn(0))
    await page.locator(byId('mfa-enable')).click()
    await page.locator(byId('backup-code-list')).waitFor()
    await page.context().clearCookies()
    await page.goto('/app/account?tab=sessions')
    await page.locator(byId('sign-in-with-loom')).click()
    await page.locator(byId('second-step')).waitFor()

    const late = { success: false, code: 'INVALID_TOKEN', message: 'Too late' }
    await page.route('**/v1/auth/mfa/verify', (route) => route.fulfill({ status: 400, json: late }), { times: 1 })
    await page.locator(byId('mfa-code')).fill(codeIn(1))
    await page.locator(byId('second-step-submit')).click()
    await page.locator(byId('outside-failed')).getByText('That took too long').waitFor()
    await page.locator(byId('outside-back')).click()
    await page.locator(byId('wanted-place')).waitFor()

    await page.locator(byId('sign-in-with-loom')).click()
    await page.locator(byId('mfa-code')).fill(codeIn(1))
    await page.locator(byId('second-step-submit')).click()
    await page.locator(byId('current-user')).waitFor()
    await expect.poll(() => new URL(page.url()).search).toBe('?tab=sessions')
  })

  it('deletes their account here for good, once they have written their name', async () => {
    const { page } = maya
    await page.goto('/app/account?tab=privacy')
    await page.locator(byId('delete-account')).click()
    await page.locator(byId('delete-account-name')).fill('maya')
    await page.locator(byId('confirm-delete-account-yes')).click()
    await page.getByText('Write maya_loom', { exact: true }).waitFor()
    await page.locator(byId('delete-account-name')).fill('maya_loom')
    await page.locator(byId('confirm-delete-account-yes')).click()
    await page.locator(byId('login-form')).waitFor()
    await page.getByText('Your account is deleted').waitFor()
    // Nobody is signed in, here or after a reload.
    await page.reload()
    await page.locator(byId('login-form')).waitFor()
  })
})
