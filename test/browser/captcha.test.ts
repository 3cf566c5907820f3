import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { accessProblems } from './support/looks.ts'

const PASSWORD = 'Kettle-river-anvil-9'
const byId = (id: string) => `[data-testid="${id}"]`

/** Stands for Turnstile's script: a widget with one button, which gives a token when it is pressed. */
const WIDGET = `window.turnstile = {
  render(box, { sitekey, action, callback }) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = 'I am human'
    button.onclick = () => callback(sitekey + ' ' + action)
    box.append(button)
    return 'widget'
  },
  remove() {},
}`

describe.skipIf(CHROMIUM_PATH === '')('somebody who has failed to sign in three times', () => {
  let system: RunningSystem
  let browser: Browser
  let siteverify: Server
  const checked: { response: string; secret: string }[] = []

  beforeAll(async () => {
    siteverify = createServer(async (request, response) => {
      const body = await new Response(request as never).json()
      checked.push(body as (typeof checked)[number])
      const success = checked.length > 1
      response.end(JSON.stringify({ success, 'error-codes': success ? [] : ['invalid-input-response'] }))
    })
    await new Promise<void>((resolve) => siteverify.listen(0, '127.0.0.1', resolve))
    system = await startSystem({
      TURNSTILE_SITE_KEY: 'site-key',
      TURNSTILE_SECRET_KEY: 'secret-key',
      TURNSTILE_API_URL: `http://127.0.0.1:${(siteverify.address() as AddressInfo).port}`,
    })
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await system?.close()
    siteverify?.close()
  })

  it('shows that they are not a program, and gets in (R45.6, R45.11)', async () => {
    const email = 'ann@people.test'
    const program = createClient({ baseUrl: system.url.origin, session: 'body' })
    await program.auth.register({ email, password: PASSWORD, firstName: 'Ann', lastName: 'Lee' })
    program.close()

    // The policy of the pages opens for Turnstile when they are built, which is tested by itself.
    const { page, context, outside, errors } = await newVisitor(browser, system.url.origin, { bypassCSP: true })
    let isBlocked = true
    await context.route('https://challenges.cloudflare.com/**', (route) =>
      isBlocked ? route.abort() : route.fulfill({ contentType: 'text/javascript', body: WIDGET }),
    )
    const signIn = async (password: string) => {
      await page.locator('input[name="email"]').fill(email)
      await page.locator('input[name="password"]').fill(password)
      await page.locator(byId('login-submit')).click()
    }
    const problem = page.locator(byId('form-error'))
    await page.goto('/')
    for (let n = 0; n < 3; n += 1) {
      const answered = page.waitForResponse('**/v1/auth/login')
      await signIn('Wrong-password-1')
      await answered
    }
    expect(outside).toEqual([])
    await signIn(PASSWORD)
    await problem.getByText('show below that you are not a program').waitFor()

    // What keeps the script away is told, and can be tried again.
    isBlocked = false
    await page.locator(byId('captcha-again')).click()
    const widget = page.getByRole('button', { name: 'I am human' })
    await widget.waitFor()
    expect(await accessProblems(page)).toEqual([])
    await page.locator(byId('login-submit')).click()
    await page.getByText('Wait until this check is done').waitFor()
    expect(checked).toEqual([])

    await widget.click()
    await page.locator(byId('login-submit')).click()
    await problem.getByText('has failed').waitFor()
    await widget.click()
    await page.locator(byId('login-submit')).click()
    await page.locator(byId('current-user')).waitFor()
    expect(checked).toMatchObject([
      { response: 'site-key login', secret: 'secret-key' },
      { response: 'site-key login', secret: 'secret-key' },
    ])
    expect(errors).toEqual([])
  })
})
