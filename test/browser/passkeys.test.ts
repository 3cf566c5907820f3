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
  let authenticatorId: string
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
    await query('update users set is_email_verified = 1')
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

  it('signs in with it by picking it in the field for the address', async () => {
    await signOut()
    // Chromium's authenticator picks it by itself.
    await at('passkey').getByText('Desk').waitFor()
  })

  it('signs in with it by a button, and no password, and is back in the shop where they were', async () => {
    await offerNothing()
    await signOut()
    await ann.page.goto('/app/shop?q=linen')
    await at('guest-sign-in').click()
    await at('passkey-sign-in').click()
    await at('no-products').waitFor()
    await at('account-menu').waitFor()
    expect(new URL(ann.page.url()).search).toBe('?q=linen')
    await ann.page.goto('/app/account?tab=security')
    await at('passkey').getByText('Desk').waitFor()
    expect(ann.errors).toEqual([])
    expect(ann.outside).toEqual([])
  })

  it('shows with it anew who it is, and takes the second step', async () => {
    await query('update sessions set created_at = created_at - 600000, proved_at = null')
    await ann.page.reload()
    await at('passkey-add').waitFor()
    // What the isolate remembers of the session holds for five seconds.
    await ann.page.waitForTimeout(5_500)
    await at('passkey-remove').click()
    await at('passkey-remove-confirm-yes').click()
    await at('step-up').waitFor()
    await at('use-passkey').click()
    // Not yet: the dialog is closed, and nothing was removed.
    await at('step-up-close').click()
    await at('passkey-remove-confirm-no').click()
    await at('passkey-remove').click()
    await at('passkey-remove-confirm-yes').click()
    await at('use-passkey').click()
    await at('step-up-submit').click()
    await at('no-passkeys').waitFor()
    await at('passkey-add').click()
    await at('passkey').waitFor()

    await query("update users set mfa_enabled_at = 1 where email = 'ann@people.test'")
    await signOut()
    await ann.page.locator('input[name="email"]').fill('ann@people.test')
    await ann.page.locator('input[name="password"]').fill(PASSWORD)
    await at('login-submit').click()
    await at('second-step-passkey').click()
    await at('passkey').waitFor()
    expect(ann.errors).toEqual([])
  })

  it('switches two-step sign-in off with it, where the app and its codes are lost', async () => {
    await query(
      'insert into totp_secrets (user_id, sealed_secret, created_at, enabled_at) select id, 1, 1, 1 from users',
    )
    await at('mfa-disable').click()
    await at('factor-passkey').click()
    await at('disable-mfa').locator('input[name="password"]').fill(PASSWORD)
    await at('disable-mfa-submit').click()
    await ann.page.locator(`${byId('mfa-facts')}[data-enabled="false"]`).waitFor()
  })

  it('removes it, and the device forgets it; with one that is known no more it is told so', async () => {
    await at('passkey-remove').click()
    await at('passkey-remove-confirm-yes').click()
    await at('no-passkeys').waitFor()
    const held = async () => (await devices.send('WebAuthn.getCredentials', { authenticatorId })).credentials
    await expect.poll(held).toEqual([])

    await at('passkey-add').click()
    await at('passkey').waitFor()
    await query('delete from passkeys')
    await signOut()
    await at('passkey-sign-in').click()
    await ann.page.getByText('This passkey does not sign in here').waitFor()
  })

  /** From the next page on, as in a browser that fills in no passkeys. */
  async function offerNothing(): Promise<void> {
    await ann.context.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)
    })
  }

  async function query(sql: string): Promise<void> {
    await (await system.database()).prepare(sql).bind().run()
  }

  async function plugIn(): Promise<void> {
    const added = await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true },
        ...{ isUserVerified: true, automaticPresenceSimulation: true },
      },
    })
    authenticatorId = added.authenticatorId
  }

  async function signOut(): Promise<void> {
    await ann.context.clearCookies()
    await ann.page.reload()
    await at('login-form').waitFor()
  }
})
