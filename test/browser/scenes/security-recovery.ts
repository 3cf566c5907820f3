import type { Page, Route } from 'playwright-core'
import type { Scene } from '../support/scene.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const TOKEN = 'ab'.repeat(32)
const answer = (data: unknown) => (route: Route) => route.fulfill({ json: { success: true, data, meta: {} } })
const LINK = {
  ...{ valid: true, isNewAddress: false },
  account: { firstName: 'Nora', lastName: 'Nowak', username: 'nora_nowak' },
}
const dead = (route: Route) =>
  route.fulfill({
    status: 400,
    json: { success: false, code: 'INVALID_TOKEN', message: 'This link is not valid', correlationId: 'of-a-scene' },
  })

async function openReset(page: Page, valid: boolean): Promise<void> {
  await page.route('**/v1/auth/reset-password/validate', answer({ valid }))
  await page.goto(`/app/reset-password#token=${TOKEN}`)
}

export const recoveryScenes: Scene[] = [
  {
    name: 'forgot-password',
    as: 'nobody',
    async open(page) {
      await page.goto('/app/forgot-password')
      await page.locator(byId('forgot-submit')).click()
      await page.locator(byId('error-email')).waitFor()
    },
  },
  {
    name: 'forgot-password-sent',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/auth/forgot-password', answer({ message: 'Sent' }))
      await page.goto('/app/forgot-password')
      await page.locator('input[name="email"]').fill('maya.lindqvist.of.the.launch.team@selvage.test')
      await page.locator(byId('forgot-submit')).click()
      await page.locator(byId('forgot-sent')).waitFor()
    },
  },
  {
    name: 'reset-password',
    as: 'nobody',
    async open(page) {
      await openReset(page, true)
      await page.locator('input[name="newPassword"]').fill('Kettle-river-anvil-9')
      await page.locator('input[name="confirmPassword"]').fill('Kettle-river-anvil-8')
      await page.locator(byId('reset-submit')).click()
      await page.locator(byId('error-confirmPassword')).waitFor()
    },
  },
  {
    name: 'reset-password-dead',
    as: 'nobody',
    async open(page) {
      await openReset(page, false)
      await page.locator(byId('reset-dead')).waitFor()
    },
  },
  {
    name: 'reset-password-done',
    as: 'nobody',
    async open(page) {
      const stillLetsIn = { passkeys: 2, apiKeys: 1, linkedAccounts: 0 }
      await page.route('**/v1/auth/reset-password', answer({ message: 'Done', stillLetsIn }))
      await openReset(page, true)
      await page.locator('input[name="newPassword"]').fill('Kettle-river-anvil-9')
      await page.locator('input[name="confirmPassword"]').fill('Kettle-river-anvil-9')
      await page.locator(byId('reset-submit')).click()
      await page.locator(byId('reset-still-lets-in')).waitFor()
    },
  },
  {
    name: 'verify-email',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/auth/verify-email/validate', answer(LINK))
      await page.goto(`/app/verify-email#token=${TOKEN}`)
      await page.locator(byId('verify-form')).waitFor()
    },
  },
  {
    name: 'verify-email-dead',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/auth/verify-email/validate', answer(LINK))
      await page.route('**/v1/auth/verify-email', dead)
      await page.goto(`/app/verify-email#token=${TOKEN}`)
      await page.locator(byId('verify-submit')).click()
      await page.locator(byId('verify-dead')).waitFor()
    },
  },
  {
    name: 'verify-banner',
    as: 'newcomer',
    async open(page) {
      await page.goto('/')
      await page.locator(byId('verify-banner')).waitFor()
    },
  },
  {
    name: 'security-address-and-password',
    as: 'newcomer',
    async open(page) {
      await page.goto('/app/account?tab=security')
      await page.locator(byId('email-change')).click()
      await page.locator(byId('email-submit')).click()
      await page.locator(byId('error-newEmail')).waitFor()
      await page.locator(byId('password-change')).click()
      await page.locator('input[name="newPassword"]').fill('Kettle-river')
      await page.locator(byId('password-submit')).click()
      await page.locator(byId('error-currentPassword')).waitFor()
    },
  },
  {
    name: 'security-no-password',
    as: 'maya',
    async open(page) {
      const status = { isMfaEnabled: false, mfaEnabledAt: null, backupCodesLeft: 0, hasPassword: false }
      await page.route('**/v1/auth/mfa', answer(status))
      await page.route('**/v1/auth/forgot-password', answer({ message: 'Sent' }))
      await page.goto('/app/account?tab=security')
      await page.locator(byId('password-set')).click()
      await page.locator(byId('password-link-sent')).getByText('Look into').waitFor()
    },
  },
]
