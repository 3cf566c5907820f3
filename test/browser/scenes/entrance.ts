import type { Page } from 'playwright-core'
import type { Scene } from '../support/scene.ts'

const byId = (id: string) => `[data-testid="${id}"]`

async function openRegister(page: Page): Promise<void> {
  await page.goto('/')
  await page.locator(byId('show-register')).click()
  await page.locator(byId('register-form')).waitFor()
}

/** Before anybody is signed in, and where nothing is. */
export const entranceScenes: Scene[] = [
  {
    name: 'welcome',
    as: 'nobody',
    async open(page) {
      await page.goto('/')
      await page.locator(byId('login-form')).waitFor()
    },
  },
  {
    name: 'welcome-refused',
    as: 'nobody',
    async open(page) {
      await page.goto('/')
      await page.locator('input[name="email"]').fill('maya@selvage.test')
      await page.locator('input[name="password"]').fill('Not-the-one-7')
      await page.locator(byId('login-submit')).click()
      await page.locator(`${byId('form-error')} p`).waitFor()
    },
  },
  { name: 'register', as: 'nobody', open: openRegister },
  {
    name: 'register-problems',
    as: 'nobody',
    async open(page) {
      await openRegister(page)
      await page.locator('input[name="email"]').fill('maya@selvage.test')
      await page.locator('input[name="password"]').fill('woven')
      await page.locator(byId('register-submit')).click()
      await page.locator(byId('error-firstName')).waitFor()
    },
  },
  {
    name: 'splash',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/auth/refresh', () => undefined)
      await page.goto('/')
      await page.locator('.splash [role="status"]').waitFor({ state: 'attached' })
    },
  },
  {
    name: 'unreachable',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/auth/refresh', (route) => route.abort())
      await page.goto('/')
      await page.locator(byId('unreachable')).waitFor()
    },
  },
  {
    name: 'unknown-address',
    as: 'nobody',
    async open(page) {
      await page.goto('/app/loom')
      await page.locator(byId('unknown-address')).waitFor()
    },
  },
]
