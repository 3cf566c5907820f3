import type { Page, Route } from 'playwright-core'
import type { Scene } from '../support/scene.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const meta = { timestamp: '2026-01-01T00:00:00.000Z', version: '1', requestId: 'of-a-scene' }
const answer = (data: unknown) => (route: Route) =>
  route.fulfill({ status: 200, json: { success: true, data, meta, path: '/v1/auth/providers' } })

const PROVIDERS = [
  { id: 'github', name: 'GitHub', kind: 'github' },
  { id: 'google', name: 'Google', kind: 'google' },
]
const LINKED = [
  {
    provider: 'github',
    name: 'GitHub',
    email: 'maya@loom.test',
    createdAt: '2026-01-01T00:00:00.000Z',
    lastUsedAt: null,
  },
]

async function openLinked(page: Page): Promise<void> {
  await page.route('**/v1/auth/providers', answer(PROVIDERS))
  await page.route('**/v1/auth/providers/linked', answer(LINKED))
  await page.goto('/app/account?tab=security')
  await page.locator(byId('linked-accounts')).waitFor()
}

export const providerScenes: Scene[] = [
  {
    name: 'sign-in-providers',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/auth/providers', answer(PROVIDERS))
      await page.goto('/')
      await page.locator(byId('sign-in-with-google')).waitFor()
    },
  },
  {
    name: 'sign-in-providers-unreachable',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/auth/providers', (route) => route.abort())
      await page.goto('/')
      await page.locator(byId('providers-unknown')).waitFor()
    },
  },
  {
    name: 'sign-in-provider-refused',
    as: 'nobody',
    async open(page) {
      await page.goto('/app/signing-in?error=access_denied&state=x')
      await page.locator(byId('outside-failed')).waitFor()
    },
  },
  { name: 'security-providers', as: 'maya', open: openLinked },
  {
    name: 'security-providers-unlink',
    as: 'maya',
    async open(page) {
      await openLinked(page)
      await page.getByRole('button', { name: 'Unlink GitHub' }).click()
      await page.locator(byId('confirm-unlink')).waitFor()
    },
  },
  {
    name: 'account-delete',
    as: 'maya',
    async open(page) {
      await page.goto('/app/account?tab=privacy')
      await page.locator(byId('delete-account')).click()
      await page.locator(byId('delete-account-name')).fill('somebody')
      await page.locator(byId('confirm-delete-account-yes')).click()
      await page.getByText('Write maya', { exact: true }).waitFor()
    },
  },
]
