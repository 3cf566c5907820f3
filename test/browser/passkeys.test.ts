import type { Browser, CDPSession } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'

const PASSWORD = 'Kettle-river-anvil-9'
const byId = (id: string) => `[data-testid="${id}"]`

describe.skipIf(CHROMIUM_PATH === '')('somebody with a passkey', () => {
  let system: RunningSystem
  let browser: Browser
  let ann: Visitor
  /** Chromium's own authenticator, as its people's: always there, always says yes. */
  let devices: CDPSession
  let origin: string

  const at = (id: string) => ann.page.locator(byId(id))

  beforeAll(async () => {
    system = await startSystem()
    // Passkeys are a host's, and an address is none.
    origin = `http://localhost:${system.url.port}`
    browser = await launchBrowser()
    ann = await newVisitor(browser, origin)
    devices = await ann.context.newCDPSession(ann.page)
    await devices.send('WebAuthn.enable')
    const person = createClient({ baseUrl: origin, session: 'body' })
    await person.auth.register({ email: 'ann@people.test', password: PASSWORD, firstName: 'Ann', lastName: 'Lee' })
    person.close()
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await screenshot(ann.page, 'failed-passkeys')
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  it('adds one in the security tab, renames it, and makes an API key that is shown once', async () => {
    await ann.page.goto('/app/account?tab=security')
    await ann.page.locator('input[name="email"]').fill('ann@people.test')
    await ann.page.locator('input[name="password"]').fill(PASSWORD)
    await at('login-submit').click()
    await at('no-passkeys').waitFor()
    await plugIn()
    await at('passkey-add').click()
    await at('passkey').waitFor()
    expect(await at('passkey').textContent()).toContain('Chrome on Linux')
    await at('passkey-rename').click()
    await at('passkey-rename-dialog-name').fill('Desk')
    await at('passkey-rename-dialog-save').click()
    await at('passkey').getByText('Desk').waitFor()

    await at('api-key-new').click()
    await at('api-key-create').click()
    await ann.page.getByText('Say what it is for').waitFor()
    await at('api-key-name').fill('Nightly report')
    await at('api-key-create').click()
    const key = await at('api-key-value').inputValue()
    await at('api-key-done').click()
    await at('api-key').getByText('Nightly report').waitFor()
    const headers = { authorization: `Bearer ${key}` }
    expect((await fetch(`${origin}/v1/notifications`, { headers })).status).toBe(200)
    await at('api-key-revoke').click()
    await at('api-key-revoke-confirm-yes').click()
    await at('no-api-keys').waitFor()
    expect((await fetch(`${origin}/v1/notifications`, { headers })).status).toBe(401)
  })

  it('signs in with it by a button, and no password', async () => {
    await signOut()
    await at('passkey-sign-in').click()
    await at('passkey').getByText('Desk').waitFor()
    expect(ann.errors).toEqual([])
    expect(ann.outside).toEqual([])
  })

  it('removes it, and is told when it is not known any more', async () => {
    await at('passkey-remove').click()
    await at('passkey-remove-confirm-yes').click()
    await at('no-passkeys').waitFor()
    await signOut()
    await at('passkey-sign-in').click()
    await ann.page.getByText('This passkey does not sign in here').waitFor()
  })

  async function plugIn(): Promise<void> {
    await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
  }

  async function signOut(): Promise<void> {
    await ann.context.clearCookies()
    await ann.page.reload()
    await at('login-form').waitFor()
  }
})
