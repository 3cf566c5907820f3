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

  it('is told what happened where they said no, and can go back', async () => {
    const other = await newVisitor(browser, system.url.origin)
    await other.page.goto('/app/signing-in?error=access_denied&state=x')
    await other.page.locator(byId('outside-failed')).waitFor()
    await other.page.locator(byId('outside-back')).click()
    await other.page.locator(byId('login-form')).waitFor()
    await other.context.close()
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
