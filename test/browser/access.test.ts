import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type CurrentUser, createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { testSettings } from '../support/test-settings.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const PERSON = { email: 'selma.selvage@people.test', password: 'Woven-edge-7', firstName: 'Selma', lastName: 'Selvage' }

describe.skipIf(CHROMIUM_PATH === '')('an admin', () => {
  let system: RunningSystem
  let browser: Browser
  let selma: Client
  let maud: CurrentUser
  let admin: Visitor

  beforeAll(async () => {
    system = await startSystem()
    selma = createClient({ baseUrl: system.url.origin, session: 'body' })
    await selma.auth.register(PERSON)
    const other = createClient({ baseUrl: system.url.origin, session: 'body' })
    maud = await other.auth.register({ ...PERSON, email: 'maud.thread@people.test', firstName: 'Maud' })
    browser = await launchBrowser()
    const { BOOTSTRAP_ADMIN_EMAIL: email = '', BOOTSTRAP_ADMIN_PASSWORD: password = '' } = testSettings()
    admin = await newVisitor(browser, system.url.origin)
    const data = { email, password, session: 'cookie' }
    expect((await admin.context.request.post('/v1/auth/login', { data })).ok()).toBe(true)
  })

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await screenshot(admin.page, 'failed-access')
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  /** Says why, in the dialog that is open, and goes ahead. */
  async function goAhead(reason: string): Promise<void> {
    await admin.page.locator(byId('reason')).fill(reason)
    await admin.page.locator(byId('reason-go')).click()
    await admin.page.locator(byId('reason-dialog')).waitFor({ state: 'detached' })
  }

  it('gives a role, denies what it gives, closes the account, and finds all of it in the trail by the reasons', async () => {
    const { page } = admin
    const { id } = await selma.auth.me()
    await page.goto(`/app/admin/users?user=${id}`)
    await page.locator(byId('role-moderator')).click()
    await goAhead('She looks after the rooms')
    await page.locator(byId('role-moderator'), { hasText: 'Take' }).waitFor()
    expect((await selma.auth.me()).roles.toSorted()).toEqual(['moderator', 'user'])

    await page.locator(byId('grant-delete-content')).click()
    await page.locator(byId('grant-choice')).selectOption('deny')
    await goAhead('Not yet')
    await page.locator(`${byId('permissions')} tr`, { hasText: 'Denied to them' }).waitFor()
    const { permissions } = await selma.auth.me()
    expect([permissions.includes('moderate:content'), permissions.includes('delete:content')]).toEqual([true, false])

    await page.locator(byId('open-thing')).click()
    await page.locator(byId('people-picker')).fill('maud')
    await page.locator('[role="option"]', { hasText: 'Maud' }).click()
    await goAhead('She leads her')
    await page.locator(`${byId('things')} a`, { hasText: `@${maud.username}` }).waitFor()
    expect((await selma.access.of(maud.id)).userId).toBe(maud.id)
    await page.locator(byId('close-thing')).click()
    await goAhead('No longer')
    await page.locator(byId('no-things')).waitFor()
    await expect(selma.access.of(maud.id)).rejects.toMatchObject({ status: 403 })

    await page.locator(byId('end-sessions')).click()
    await goAhead('Her laptop is gone')
    await page.locator(`${byId('end-sessions')}[aria-disabled="true"]`).waitFor()
    await expect(selma.auth.me()).rejects.toMatchObject({ status: 401 })

    await page.locator(byId('change-state')).click()
    await goAhead('She has left us')
    await page.locator(byId('change-state'), { hasText: 'Reactivate' }).waitFor()
    await expect(selma.auth.me()).rejects.toMatchObject({ status: 401 })

    await page.locator(byId('acts-on')).click()
    for (const reason of ['She looks after the rooms', 'Not yet', 'Her laptop is gone', 'She has left us']) {
      await page.locator('td', { hasText: reason }).waitFor()
    }
    await page.locator(byId('audit-action')).selectOption('USER_SESSIONS_ENDED')
    await page.locator('td', { hasText: 'She has left us' }).waitFor({ state: 'detached' })
    await page.locator('td', { hasText: 'Her laptop is gone' }).waitFor()
    await page.locator(byId('audit-action')).selectOption('ROLE_CHANGE')
    await page.locator('td', { hasText: 'Her laptop is gone' }).waitFor({ state: 'detached' })
    await page.locator(byId('act-details')).first().click()
    await page.getByText('All of the same request').click()
    await page.locator(byId('audit-request')).waitFor()
    expect(await page.locator(byId('audit-request')).inputValue()).not.toBe('')
    await page.locator('td', { hasText: 'She looks after the rooms' }).waitFor()
    expect(admin.errors).toEqual([])
    expect(admin.outside).toEqual([])
  })

  it('sees what each role gives, and from there who has it', async () => {
    const { page } = admin
    await page.goto('/app/admin/access')
    const row = page.locator(`${byId('permission-list')} tr`, { hasText: 'refund:order' })
    await row.waitFor()
    expect(await row.locator('.state').allTextContents()).toEqual(['No', 'No', 'No', 'Yes'])
    await page.getByText('Show every admin').click()
    await page.locator(byId('user-row'), { hasText: 'First Admin' }).waitFor()
    expect(await page.locator(byId('user-row')).count()).toBe(1)
  })
})
