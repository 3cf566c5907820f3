import type { Page } from 'playwright-core'
import type { Scene } from '../support/scene.ts'

const byId = (id: string) => `[data-testid="${id}"]`

/** The page of Maya, as an admin sees her, once all of it is there. */
async function openMaya(page: Page, id: string): Promise<void> {
  await page.goto(`/app/admin/users?user=${id}`)
  await page.locator(byId('grant-view-logs')).waitFor()
}

export const adminAccessScenes: Scene[] = [
  {
    name: 'admin-access',
    as: 'admin',
    async open(page) {
      await page.goto('/app/admin/access')
      await page.locator('td code', { hasText: 'manage:settings' }).waitFor()
    },
  },
  {
    name: 'admin-access-error',
    as: 'admin',
    async open(page) {
      await page.route('**/v1/admin/roles', (route) => route.abort())
      await page.goto('/app/admin/access')
      await page.locator(byId('error-state')).waitFor()
    },
  },
  {
    name: 'admin-user-access',
    as: 'admin',
    async open(page, { admin, maya, make }) {
      const { id } = await maya.auth.me()
      await make('a grant', async () => {
        const all = await admin.access.permissions()
        const idOf = (name: string) => all.find((one) => one.name === name)?.id ?? ''
        // None that opens a page to her: other scenes show that she is kept out.
        await admin.access.grant({ userId: id, permissionId: idOf('publish:product'), reason: 'She opens the shop' })
      })
      await openMaya(page, id)
      await page.locator(byId('grant-view-logs')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'admin-user-grant',
    as: 'admin',
    async open(page, { maya }) {
      await openMaya(page, (await maya.auth.me()).id)
      await page.locator(byId('grant-view-logs')).click()
      await page.locator(byId('grant-choice')).selectOption('deny')
      await page.locator(byId('reason-go')).click()
      await page.getByText('Write at least 3 characters').waitFor()
    },
  },
  {
    name: 'admin-user-role-refused',
    as: 'admin',
    async open(page, { maya }) {
      const message = 'This is the last admin who may do everything. Make somebody else one first.'
      await page.route('**/roles/moderator', (route) =>
        route.fulfill({ status: 409, json: { success: false, statusCode: 409, code: 'CONFLICT', message } }),
      )
      await openMaya(page, (await maya.auth.me()).id)
      await page.locator(byId('role-moderator')).click()
      await page.locator(byId('reason')).fill('She looks after the rooms')
      await page.locator(byId('reason-go')).click()
      await page.locator('.note-bad').waitFor()
    },
  },
  {
    name: 'admin-user-deactivate',
    as: 'admin',
    async open(page, { maya }) {
      await openMaya(page, (await maya.auth.me()).id)
      await page.locator(byId('change-state')).click()
      await page.locator(byId('reason')).waitFor()
    },
  },
  {
    name: 'admin-user-self',
    as: 'admin',
    async open(page, { admin }) {
      await page.goto(`/app/admin/users?user=${(await admin.auth.me()).id}`)
      await page.getByText('Nobody changes what they may themselves').waitFor()
      await page
        .locator(`${byId('permissions')} code`)
        .first()
        .waitFor()
    },
  },
]
