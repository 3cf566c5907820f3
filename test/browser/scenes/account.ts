import type { Page, Route } from 'playwright-core'
import { createClient } from '../../../src/client/index.ts'
import type { Scene } from '../support/scene.ts'
import type { SceneWorld } from '../support/world.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const problem = (route: Route, status: number, code: string, headers: Record<string, string> = {}) =>
  route.fulfill({
    status,
    headers,
    json: { success: false, code, message: 'Too many requests. Try again later.', correlationId: 'of-a-scene' },
  })

async function fillLogin(page: Page): Promise<void> {
  await page.locator('input[name="email"]').fill('maya@selvage.test')
  await page.locator('input[name="password"]').fill('Not-the-one-7')
  await page.locator(byId('login-submit')).click()
}

async function openRegister(page: Page): Promise<void> {
  await page.goto('/')
  await page.locator(byId('show-register')).click()
}

export const entryScenes: Scene[] = [
  {
    name: 'welcome-locked',
    as: 'nobody',
    async open(page) {
      await page.route('**/v1/auth/login', (route) => problem(route, 429, 'RATE_LIMITED', { 'retry-after': '840' }))
      await page.goto('/')
      await fillLogin(page)
      await page.getByText('Try again in 14 min').waitFor()
    },
  },
  {
    name: 'welcome-invited',
    as: 'nobody',
    async open(page, { rooms }) {
      await page.goto(`/app/join?room=${rooms.launchWeek}&code=scene`)
      await page.locator(byId('wanted-place')).waitFor()
    },
  },
  {
    name: 'welcome-offline',
    as: 'nobody',
    async open(page) {
      await page.context().setOffline(false)
      await page.goto('/')
      await page.locator(byId('login-form')).waitFor()
      await page.context().setOffline(true)
      await page.locator(byId('offline-note')).waitFor()
    },
  },
  {
    name: 'register-weak',
    as: 'nobody',
    async open(page) {
      await openRegister(page)
      await page.locator('input[name="firstName"]').fill('Maya')
      await page.locator('input[name="password"]').fill('Maya-summer-2024')
      await page.locator(`${byId('password-strength')}[data-level="1"]`).waitFor()
    },
  },
  {
    name: 'register-strong',
    as: 'nobody',
    async open(page) {
      await openRegister(page)
      await page.locator('input[name="password"]').fill('Kettle-river-anvil-9')
      await page.locator('input[name="password"]').press('CapsLock')
      await page.locator(`${byId('password-strength')}[data-level="4"]`).waitFor()
    },
  },
]

/** Sessions of other devices, as their user agents tell of them. */
async function makeDevices(world: SceneWorld): Promise<void> {
  await world.make('devices of maya', async () => {
    const agents = [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0',
    ]
    for (const agent of agents) {
      const { email, password } = await world.account('maya')
      await fetch(new URL('/v1/auth/login', world.baseUrl), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': agent },
        body: JSON.stringify({ email, password }),
      })
    }
  })
}

async function openTab(page: Page, tab: string): Promise<void> {
  await page.goto(`/app/account?tab=${tab}`)
}

export const accountScenes: Scene[] = [
  {
    name: 'account-menu',
    as: 'admin',
    async open(page) {
      await page.goto('/')
      await page.locator(byId('account-menu')).click()
      await page.locator(byId('sign-out')).waitFor()
    },
  },
  {
    name: 'account-profile',
    as: 'maya',
    async open(page) {
      await openTab(page, 'profile')
      await page.locator(byId('profile-facts')).waitFor()
    },
  },
  {
    name: 'account-sessions',
    as: 'maya',
    async open(page, world) {
      await makeDevices(world)
      await openTab(page, 'sessions')
      await page.locator(byId('session')).nth(2).waitFor()
    },
  },
  {
    name: 'account-sessions-end',
    as: 'maya',
    async open(page, world) {
      await makeDevices(world)
      await openTab(page, 'sessions')
      await page.locator(byId('end-session')).first().click()
      await page.locator(byId('confirm-end-session')).waitFor()
    },
  },
  {
    name: 'account-sessions-loading',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/auth/sessions', () => undefined)
      await openTab(page, 'sessions')
      await page.getByText('Loading your sessions').waitFor({ state: 'attached' })
    },
  },
  {
    name: 'account-sessions-failed',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/auth/sessions', (route) => problem(route, 500, 'INTERNAL_ERROR'))
      await openTab(page, 'sessions')
      await page.locator(byId('error-state')).waitFor()
    },
  },
  {
    name: 'account-preferences',
    as: 'maya',
    async open(page) {
      await openTab(page, 'notifications')
      await page.locator(byId('preferences')).waitFor()
    },
  },
  {
    name: 'account-preferences-not-stored',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/notifications/preferences', (route) =>
        route.request().method() === 'PATCH' ? route.abort() : route.continue(),
      )
      await openTab(page, 'notifications')
      await page.locator(byId('channel-push')).click()
      await page.locator(byId('toast')).waitFor({ timeout: 20_000 })
    },
  },
  {
    name: 'account-privacy',
    as: 'maya',
    async open(page, world) {
      await world.make('maya blocks', async () => {
        const nuisance = createClient({ baseUrl: world.baseUrl, session: 'body' })
        const { id } = await nuisance.auth.register({
          email: 'spam.sender@selvage.test',
          password: 'Woven-edge-7',
          firstName: 'Bartholomew Maximilian',
          lastName: 'Featherstonehaugh-Cholmondeley',
        })
        await world.maya.people.block(id)
      })
      await openTab(page, 'privacy')
      await page.locator(byId('blocked-person')).waitFor()
    },
  },
  {
    name: 'account-privacy-data',
    as: 'newcomer',
    async open(page) {
      await openTab(page, 'privacy')
      await page.locator(byId('nobody-blocked')).waitFor()
      await page.locator(byId('data-show')).click()
      await page.locator(byId('own-data')).waitFor()
      await page.locator(byId('own-data')).scrollIntoViewIfNeeded()
    },
  },
]

/** Whatever the seeded world has told Maya, and an invitation. */
async function tellMaya(world: SceneWorld): Promise<void> {
  await world.make('maya is told', async () => {
    const { id } = await world.maya.auth.me()
    const priya = await world.client('priya')
    await priya.rooms.create({ name: 'Release notes, second draft', memberIds: [id] })
    const room = await priya.rooms.openPrivate(id)
    for (const content of ['Do you have a minute?', 'The new illustration is in the shared folder.']) {
      await priya.messages.post(room.id, { content })
    }
  })
}

export const inboxScenes: Scene[] = [
  {
    name: 'bell-open',
    as: 'maya',
    async open(page, world) {
      await tellMaya(world)
      await page.goto('/')
      await page.locator(byId('bell-count')).waitFor()
      await page.locator(byId('bell')).click()
      await page.locator(byId('notification-item')).nth(1).waitFor()
    },
  },
  {
    name: 'bell-empty',
    as: 'newcomer',
    async open(page) {
      await page.goto('/')
      await page.locator(byId('bell')).click()
      await page.locator(byId('notifications-empty')).waitFor()
    },
  },
  {
    name: 'inbox',
    as: 'maya',
    async open(page, world) {
      await tellMaya(world)
      await page.goto('/app/notifications')
      await page.locator(byId('notification-item')).nth(1).waitFor()
    },
  },
  {
    name: 'inbox-actions',
    as: 'maya',
    async open(page, world) {
      await tellMaya(world)
      await page.goto('/app/notifications')
      await page.locator(byId('notification-actions')).first().click()
      await page.locator(byId('notification-remove')).waitFor()
    },
  },
  {
    name: 'inbox-empty',
    as: 'newcomer',
    async open(page) {
      await page.goto('/app/notifications')
      await page.locator(byId('inbox-empty')).waitFor()
    },
  },
  {
    name: 'inbox-loading',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/notifications?*', () => undefined)
      await page.route('**/v1/notifications', () => undefined)
      await page.goto('/app/notifications')
      await page.locator(`${byId('inbox')}[data-status="loading"]`).waitFor()
    },
  },
  {
    name: 'inbox-failed',
    as: 'maya',
    async open(page) {
      await page.route('**/v1/notifications/unread-count', (route) =>
        problem(route, 503, 'UNAVAILABLE', { 'retry-after': '30' }),
      )
      await page.goto('/app/notifications')
      await page.locator(`${byId('inbox')} ${byId('error-state')}`).waitFor()
    },
  },
]

async function report(world: SceneWorld): Promise<void> {
  await world.make('reported messages', async () => {
    const jonas = await world.client('jonas')
    const amara = await world.client('amara')
    const say = (content: string) => amara.messages.post(world.rooms.launchWeek, { content })
    const twice = await say(
      'Best prices on replica looms!!! https://example.test/looms?ref=launch-week-special-offer-2026-do-not-miss',
    )
    const once = await say('That is the third time you ask. Read the thread.')
    await world.maya.messages.report(world.rooms.launchWeek, once.id, { category: 'harassment' })
    await jonas.messages.report(world.rooms.launchWeek, twice.id, { category: 'spam', note: 'Third one this week.' })
    await world.maya.messages.report(world.rooms.launchWeek, twice.id, {
      category: 'other',
      note: 'Is this account still Amara?',
    })
  })
}

export const moderationScenes: Scene[] = [
  {
    name: 'reports',
    as: 'admin',
    async open(page, world) {
      await report(world)
      await page.goto('/app/admin/reports')
      await page.locator(byId('report')).nth(1).waitFor()
    },
  },
  {
    name: 'reports-decide',
    as: 'admin',
    async open(page, world) {
      await report(world)
      await page.goto('/app/admin/reports')
      await page.locator(byId('report-delete')).first().click()
      await page.locator(byId('decide-yes')).click()
      await page.locator(byId('error-reason')).waitFor()
    },
  },
  {
    name: 'reports-empty',
    as: 'admin',
    async open(page) {
      await page.goto('/app/admin/reports?status=upheld')
      await page.locator(byId('reports-empty')).waitFor()
    },
  },
  {
    name: 'reports-forbidden',
    as: 'maya',
    async open(page) {
      await page.goto('/app/admin/reports')
      await page.locator(byId('forbidden')).waitFor()
    },
  },
]
