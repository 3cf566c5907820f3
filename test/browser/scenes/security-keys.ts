import type { Page } from 'playwright-core'
import type { ApiKey, Passkey } from '../../../src/client/index.ts'
import type { Scene } from '../support/scene.ts'

const byId = (id: string) => `[data-testid="${id}"]`

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()

const PASSKEYS: Passkey[] = [
  { id: 'phone', name: 'Chrome on Android', isBackedUp: true, createdAt: daysAgo(3), lastUsedAt: daysAgo(0) },
  {
    id: 'stick',
    name: 'The small key on the ring that hangs beside the door of the workshop',
    ...{ isBackedUp: false, createdAt: daysAgo(80), lastUsedAt: null },
  },
]

const KEYS: ApiKey[] = [
  {
    ...{ id: '01890000-0000-7000-8000-000000000001', name: 'Nightly report', hint: 'x7Qa', scopes: ['read'] },
    ...{ createdAt: daysAgo(2), expiresAt: daysAgo(-28), lastUsedAt: daysAgo(0), lastUsedIp: '192.0.2.44' },
  },
  {
    ...{ id: '01890000-0000-7000-8000-000000000002', name: 'Import of the old orders', hint: '0f_2' },
    scopes: ['read', 'write', 'create:order', 'read:order'],
    ...{ createdAt: daysAgo(40), expiresAt: daysAgo(10), lastUsedAt: null, lastUsedIp: null },
  },
]

const NEW_KEY = 'slv_01890000000070008000000000000003_dGhpcyBpcyBvbmx5IGEgc2NlbmUsIG5vdCBhIGtleQ'

async function openTab(page: Page, data: { passkeys?: Passkey[]; keys?: ApiKey[] } = {}): Promise<void> {
  const { passkeys = PASSKEYS, keys = KEYS } = data
  await page.route('**/v1/auth/passkeys', (route) =>
    route.fulfill({ json: { success: true, data: passkeys, meta: {} } }),
  )
  await page.route('**/v1/auth/api-keys', (route) =>
    route.request().method() === 'POST'
      ? route.fulfill({ status: 201, json: { success: true, data: { ...KEYS[0], key: NEW_KEY }, meta: {} } })
      : route.fulfill({ json: { success: true, data: keys, meta: {} } }),
  )
  await page.goto('/app/account?tab=security')
}

export const securityKeyScenes: Scene[] = [
  {
    name: 'security-keys',
    as: 'maya',
    async open(page) {
      await openTab(page)
      await page.locator(byId('passkey')).nth(1).waitFor()
      await page.locator(byId('api-key')).nth(1).waitFor()
      await page.locator(byId('api-keys')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'security-keys-none',
    as: 'maya',
    async open(page) {
      await openTab(page, { passkeys: [], keys: [] })
      await page.locator(byId('no-passkeys')).waitFor()
      await page.locator(byId('no-api-keys')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'security-passkey-remove',
    as: 'maya',
    async open(page) {
      await openTab(page)
      await page.locator(byId('passkey-remove')).first().click()
      await page.locator(byId('passkey-remove-confirm')).waitFor()
    },
  },
  {
    name: 'security-api-key-new',
    as: 'maya',
    async open(page) {
      await openTab(page)
      await page.locator(byId('api-key-new')).click()
      await page.locator(byId('api-key-scope-read')).click()
      await page.locator(byId('api-key-create')).click()
      await page.getByText('Choose one thing at least').waitFor()
    },
  },
  {
    name: 'security-api-key-shown',
    as: 'maya',
    async open(page) {
      await openTab(page)
      await page.locator(byId('api-key-new')).click()
      await page.locator(byId('api-key-name')).fill('Nightly report')
      await page.locator(byId('api-key-create')).click()
      await page.locator(byId('api-key-value')).waitFor()
    },
  },
]
