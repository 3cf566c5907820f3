import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PEOPLE } from '../../scripts/lib/seed-world.mjs'
import { seed } from '../../scripts/seed.mjs'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { testSettings } from '../support/test-settings.ts'

const byId = (id: string) => `[data-testid="${id}"]`

describe.skipIf(CHROMIUM_PATH === '')('the world that npm start seeds', () => {
  let system: RunningSystem
  let browser: Browser

  beforeAll(async () => {
    system = await startSystem()
    const { BOOTSTRAP_ADMIN_EMAIL: email = '', BOOTSTRAP_ADMIN_PASSWORD: password = '' } = testSettings()
    const admin = { email, password }
    await seed(system.url.origin, admin)
    // A crash in the middle makes the next start go through all of it again.
    await seed(system.url.origin, admin)
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  it.each([
    ['desktop', { viewport: { width: 1180, height: 760 } }],
    ['phone-dark', { viewport: { width: 390, height: 780 }, colorScheme: 'dark' }],
  ])('welcomes a person into a group with history, on a %s screen', async (name, options) => {
    const [maya] = PEOPLE
    const { page, errors } = await newVisitor(browser, system.url.origin, options)
    await page.goto('/')
    await page.locator(byId('login-form')).waitFor()
    await page.locator('input[name="email"]').fill(maya?.email ?? '')
    await page.locator('input[name="password"]').fill(maya?.password ?? '')
    await page.locator('button[type="submit"]').click()
    const group = page.locator(byId('room-item'), { hasText: 'Launch week' })
    await group.waitFor()
    expect(await page.locator(byId('room-item')).count()).toBe(2)
    await screenshot(page, `rooms-${name}`)
    await group.click()
    await page.locator(byId('message-content'), { hasText: 'Go or no-go' }).waitFor()
    // Seeded twice, and each message is there once.
    const shown = await page.locator(byId('message-content')).allTextContents()
    expect(new Set(shown).size).toBe(shown.length)
    await screenshot(page, `chat-${name}`)
    expect(errors).toEqual([])
  })

  it('has its API explained by pages of our own', async () => {
    const { page, outside, errors } = await newVisitor(browser, system.url.origin)
    await page.goto('/api/docs')
    await page.getByText('Register an account').waitFor()
    // What is out of view is not drawn.
    const further = page.getByText('Open the private room with a person')
    for (let turns = 0; turns < 40 && (await further.count()) === 0; turns += 1) {
      await page.mouse.wheel(0, 700)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    }
    await further.waitFor()
    await screenshot(page, 'api-docs')
    expect(outside).toEqual([])
    expect(errors).toEqual([])
  })

  it('has each operation tried at the version that is chosen, or at the one that has it (R3.12)', async () => {
    const { page, errors } = await newVisitor(browser, system.url.origin)
    for (const [operation, path] of [
      ['Users-getV2Users', '/v2/users'],
      ['Products-getProducts', '/v1/products'],
    ]) {
      await page.goto(`/api/docs#/${operation?.replace('-', '/')}`)
      await page.reload()
      await page.locator('.scheme-container .servers select').selectOption('/v2')
      const block = page.locator(`#operations-${operation}`)
      await block.locator('.try-out__btn').click()
      await block.locator('.execute').click()
      expect(await block.locator('.request-url').textContent()).toContain(`${system.url.origin}${path}`)
    }
    // Nobody is signed in: the list of users is refused.
    expect(errors.filter((error) => !error.includes('401'))).toEqual([])
  })
})
