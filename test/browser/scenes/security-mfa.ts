import type { Page, Route } from 'playwright-core'
import { renderSVG } from 'uqr'
import type { Scene } from '../support/scene.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const meta = { timestamp: '2026-01-01T00:00:00.000Z', version: '1', requestId: 'of-a-scene' }
const answer = (data: unknown) => (route: Route) =>
  route.fulfill({ status: 200, json: { success: true, data, meta, path: '/v1/auth/mfa' } })
const refusal =
  (status: number, code: string, more: object = {}) =>
  (route: Route) =>
    route.fulfill({ status, json: { success: false, code, message: 'The code is wrong or was used before', ...more } })

const CODES = Array.from({ length: 10 }, (_, i) => `K7M${i}-2XWD-9RTB-HF4C-VN8J-3EPA`)
const enabled = { isMfaEnabled: true, mfaEnabledAt: '2026-01-01T00:00:00.000Z', backupCodesLeft: 2, hasPassword: true }

async function openTab(page: Page): Promise<void> {
  await page.goto('/app/account?tab=security')
  await page.locator(byId('mfa-facts')).waitFor()
}

async function openSecondStep(page: Page): Promise<void> {
  const methods = ['totp', 'backup-code']
  await page.route('**/v1/auth/login', answer({ requiresMfa: true, tempToken: 'x', message: 'Go on', methods }))
  await page.goto('/')
  await page.locator('input[name="email"]').fill('maya@selvage.test')
  await page.locator('input[name="password"]').fill('Woven-edge-7')
  // By the key: the ways in through others come late, and what they move a click may miss.
  await page.locator('input[name="password"]').press('Enter')
  await page.locator(byId('second-step')).waitFor()
}

export const mfaScenes: Scene[] = [
  { name: 'security-mfa-off', as: 'maya', open: openTab },
  {
    name: 'security-mfa-on',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/auth/mfa', answer(enabled))
      await openTab(page)
    },
  },
  {
    name: 'security-mfa-unreachable',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/auth/mfa', (route) => route.abort())
      await page.goto('/app/account?tab=security')
      await page.locator(byId('error-state')).first().waitFor()
    },
  },
  {
    name: 'security-mfa-setup',
    as: 'maya',
    async open(page) {
      const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
      const uri = `otpauth://totp/Selvage:maya@selvage.test?secret=${secret}&issuer=Selvage`
      const setup = {
        secret,
        uri,
        qrCode: `data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { ecc: 'M', border: 2, pixelSize: 8 }))}`,
        backupCodes: null,
      }
      await page.route('**/v1/auth/mfa/setup', answer(setup))
      await page.route('**/v1/auth/mfa/enable', refusal(401, 'INVALID_CODE'))
      await openTab(page)
      await page.locator(byId('mfa-set-up')).click()
      await page.locator('input[name="code"]').fill('000000')
      await page.locator(byId('mfa-enable')).click()
      await page.locator(byId('error-code')).waitFor()
    },
  },
  {
    name: 'security-mfa-codes',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/auth/mfa', answer(enabled))
      await page.route(
        '**/v1/auth/mfa/backup-codes/regenerate',
        answer({ message: 'New', backupCodes: CODES, backupCodesLeft: 10 }),
      )
      await openTab(page)
      await page.locator(byId('mfa-renew')).click()
      await page.locator('input[name="password"]').fill('Woven-edge-7')
      await page.locator('input[name="mfaCode"]').fill('123456')
      await page.locator(byId('renew-codes-submit')).click()
      await page.locator(byId('backup-code-list')).waitFor()
    },
  },
  {
    name: 'security-mfa-disable',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/auth/mfa', answer(enabled))
      await openTab(page)
      await page.locator(byId('mfa-disable')).click()
      await page.locator(byId('disable-mfa')).waitFor()
    },
  },
  {
    name: 'security-step-up',
    as: 'maya',
    async open(page) {
      const stepUp = { methods: ['totp', 'backup-code'] }
      await page.route('**/v1/auth/mfa/setup', refusal(403, 'STEP_UP_REQUIRED', { stepUp }))
      await openTab(page)
      await page.locator(byId('mfa-set-up')).click()
      await page.locator(byId('step-up-totp')).waitFor()
    },
  },
  {
    name: 'security-step-up-sign-in',
    as: 'maya',
    async open(page) {
      const stepUp = { methods: ['sign-in'] }
      await page.route('**/v1/auth/mfa/setup', refusal(403, 'STEP_UP_REQUIRED', { stepUp }))
      await openTab(page)
      await page.locator(byId('mfa-set-up')).click()
      await page.locator(byId('step-up-sign-out')).waitFor()
    },
  },
  { name: 'second-step', as: 'nobody', open: openSecondStep },
  {
    name: 'second-step-backup',
    as: 'nobody',
    async open(page) {
      await openSecondStep(page)
      await page.route('**/v1/auth/mfa/backup-code', refusal(401, 'INVALID_CODE'))
      await page.locator(byId('second-step-other')).click()
      await page.locator('input[name="backupCode"]').fill('K7M0-2XWD')
      await page.locator(byId('second-step-submit')).click()
      await page.locator(byId('error-backupCode')).waitFor()
    },
  },
]
