import type { Page } from 'playwright-core'
import type { Scene } from '../support/scene.ts'
import type { SceneWorld } from '../support/world.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const LIST = /\/v1\/chat\/rooms\?/
const LONG_NAME = 'The committee for the careful naming of rooms whose names do not fit anywhere'

const idOf = async (world: SceneWorld, username: string): Promise<string> => {
  const user = (await world.client(username)).user
  if (!user) throw new Error(`${username} is not signed in`)
  return user.id
}

/** Rooms in every condition: unread, mentioned, with a name too long, open to everybody, of others. */
const furnish = (world: SceneWorld) =>
  world.make('rooms', async () => {
    const [priya, amara, jonas] = await Promise.all([
      world.client('priya'),
      world.client('amara'),
      world.client('jonas'),
    ])
    const maya = await idOf(world, 'maya')
    const tomas = await idOf(world, 'tomas')
    const committee = await priya.rooms.create({
      name: LONG_NAME,
      topic: 'Whether a room may be called something that is longer than the room itself. Minutes are kept.',
      memberIds: [maya, tomas],
      whoPosts: 'moderators',
      slowModeSeconds: 30,
    })
    await priya.messages.post(committee.id, { content: '@maya please sign the minutes, all of them, before Friday' })
    const lunch = await amara.rooms.create({ name: 'Lunch', memberIds: [maya] })
    for (const content of ['Soup?', 'Or the place with the dumplings', 'Leaving at twelve']) {
      await amara.messages.post(lunch.id, { content })
    }
    const open = await jonas.rooms.create({
      name: 'Support questions',
      topic: 'Ask anything. Somebody here has broken it before.',
      joinPolicy: 'open',
      memberIds: [],
    })
    await amara.rooms.create({ name: 'Running on Tuesdays', joinPolicy: 'open', memberIds: [tomas] })
    const workshop = await world.maya.rooms.create({
      name: 'Workshop',
      topic: 'Looms, shuttles and what they are good for.',
      memberIds: await Promise.all(['tomas', 'priya', 'jonas'].map((name) => idOf(world, name))),
    })
    await world.maya.rooms.setRole(workshop.id, tomas, 'moderator')
    await world.maya.rooms.mute(workshop.id, await idOf(world, 'priya'), 60)
    await world.maya.rooms.invite(workshop.id, { expiresInHours: 24, maxUses: 10 })
    await world.maya.rooms.ban(workshop.id, await idOf(world, 'jonas'), 'Kept unthreading the loom')
    await world.maya.messages.post(workshop.id, { content: 'The new shuttle is here. Who threads it?' })
    const { code } = await amara.rooms.invite(lunch.id, {})
    return { committee, lunch, open, workshop, code }
  })

async function openList(page: Page): Promise<void> {
  await page.goto('/')
  await page.locator(byId('room-item')).first().waitFor()
}

async function openDetails(page: Page, roomId: string, panel: string): Promise<void> {
  await page.goto(`/?room=${roomId}&panel=${panel}`)
  await page.locator(`${byId('details')}[data-status="ready"]`).waitFor()
}

/** On a phone the head of the list is there only without a room. */
export const roomScenes: Scene[] = [
  {
    name: 'rooms-list',
    as: 'maya',
    async open(page, world) {
      await furnish(world)
      await openList(page)
      await page.locator(byId('mention-mark')).waitFor()
    },
  },
  {
    name: 'rooms-loading',
    as: 'maya',
    async open(page) {
      await page.route(LIST, () => undefined)
      await page.goto('/')
      await page.getByText('Loading conversations', { exact: true }).waitFor({ state: 'attached' })
    },
  },
  {
    name: 'rooms-failed',
    as: 'maya',
    async open(page) {
      await page.route(LIST, (route) => route.abort())
      await page.goto('/')
      await page.locator(byId('rooms-failed')).waitFor()
    },
  },
  {
    name: 'rooms-none',
    as: 'newcomer',
    async open(page) {
      await page.goto('/')
      await page.locator(byId('no-rooms')).waitFor()
    },
  },
  {
    name: 'rooms-found',
    as: 'maya',
    async open(page, world) {
      await furnish(world)
      await openList(page)
      await page.locator(byId('people-search')).fill('tom')
      await page.locator(byId('person-result')).first().waitFor()
    },
  },
  {
    name: 'rooms-nothing-found',
    as: 'newcomer',
    async open(page) {
      await page.goto('/')
      await page.locator(byId('people-search')).fill('nobody at all')
      await page.locator(byId('nothing-found')).waitFor()
    },
  },
  {
    name: 'new-group',
    as: 'maya',
    async open(page) {
      await openList(page)
      await page.locator(byId('new-group')).click()
      await page.locator('input[name="name"]').fill('Autumn collection')
      for (const name of ['tomas', 'priya']) {
        await page.locator(byId('people-picker')).fill(name)
        await page.locator(`${byId('pick-person')}[data-username="${name}"]`).click()
      }
      await page.locator(byId('people-picker')).fill('amara')
      await page.locator(byId('pick-person')).waitFor()
    },
  },
  {
    name: 'new-group-refused',
    as: 'maya',
    async open(page) {
      await openList(page)
      await page.locator(byId('new-group')).click()
      await page.locator(byId('create-group')).click()
      await page.locator(byId('error-name')).waitFor()
    },
  },
  {
    name: 'open-groups',
    as: 'maya',
    async open(page, world) {
      await furnish(world)
      await openList(page)
      await page.locator(byId('open-groups')).click()
      await page.locator(byId('open-group')).first().waitFor()
    },
  },
  {
    name: 'open-groups-none',
    as: 'maya',
    async open(page) {
      await openList(page)
      await page.locator(byId('open-groups')).click()
      await page.locator(byId('open-groups-search')).fill('zzz')
      await page.locator(byId('no-open-groups')).waitFor()
    },
  },
  {
    name: 'join',
    as: 'newcomer',
    async open(page, world) {
      const { lunch, code } = await furnish(world)
      await page.goto(`/app/join?room=${lunch.id}&code=${code}`)
      await page.locator(byId('join-yes')).waitFor()
    },
  },
  {
    name: 'join-member',
    as: 'maya',
    async open(page, world) {
      const { committee } = await furnish(world)
      await page.goto(`/app/join?room=${committee.id}`)
      await page.locator(byId('join-open')).waitFor()
    },
  },
  {
    name: 'join-expired',
    as: 'newcomer',
    async open(page, world) {
      const { lunch } = await furnish(world)
      await page.goto(`/app/join?room=${lunch.id}&code=a-code-that-has-expired`)
      await page.locator(byId('join-expired')).waitFor()
    },
  },
  {
    name: 'join-incomplete',
    as: 'newcomer',
    async open(page) {
      await page.goto('/app/join')
      await page.locator(byId('join-incomplete')).waitFor()
    },
  },
  {
    name: 'details-members',
    as: 'maya',
    async open(page, world) {
      await openDetails(page, (await furnish(world)).workshop.id, 'members')
      await page.locator(`${byId('banned-people')} summary`).click()
      await page.locator(byId('ban')).waitFor()
    },
  },
  {
    name: 'details-member-menu',
    as: 'maya',
    async open(page, world) {
      await openDetails(page, (await furnish(world)).workshop.id, 'members')
      await page.locator(`li:has([data-username="tomas"]) ${byId('member-menu')}`).click()
      await page.locator(byId('act-ban')).waitFor()
    },
  },
  {
    name: 'details-ban',
    as: 'maya',
    async open(page, world) {
      await openDetails(page, (await furnish(world)).workshop.id, 'members')
      await page.locator(`li:has([data-username="tomas"]) ${byId('member-menu')}`).click()
      await page.locator(byId('act-ban')).click()
      await page.locator(byId('confirm-ban')).waitFor()
    },
  },
  {
    name: 'details-settings',
    as: 'maya',
    async open(page, world) {
      await openDetails(page, (await furnish(world)).workshop.id, 'settings')
      await page.locator(byId('last-owner')).scrollIntoViewIfNeeded()
    },
  },
  {
    name: 'details-settings-seen',
    as: 'maya',
    async open(page, world) {
      await openDetails(page, (await furnish(world)).committee.id, 'settings')
      await page.locator(byId('group-facts')).waitFor()
    },
  },
  {
    name: 'details-invitations',
    as: 'maya',
    async open(page, world) {
      await openDetails(page, (await furnish(world)).workshop.id, 'invites')
      await page.locator(byId('invite')).first().waitFor()
      // Not one more with every look.
      await page.route(/\/invites$/, (route) =>
        route.request().method() === 'POST'
          ? route.fulfill({ status: 201, json: { success: true, data: MADE, meta: {} } })
          : route.fallback(),
      )
      await page.locator(byId('create-invite')).click()
      await page.locator(byId('invite-link')).waitFor()
    },
  },
  {
    name: 'details-private',
    as: 'maya',
    async open(page, world) {
      await openDetails(page, world.rooms.mayaAndTomas, 'members')
      await page.locator(byId('private-details')).waitFor()
    },
  },
  {
    name: 'details-failed',
    as: 'maya',
    async open(page, world) {
      const { workshop } = await furnish(world)
      await page.route(/\/members\?/, (route) => route.abort())
      await page.goto(`/?room=${workshop.id}&panel=members`)
      await page.locator(`${byId('details')}[data-status="failed"]`).waitFor()
    },
  },
  {
    name: 'person-card',
    as: 'maya',
    async open(page, world) {
      await openDetails(page, world.rooms.launchWeek, 'members')
      await page.locator(`li:has([data-username="amara"]) ${byId('person-button')}`).click()
      await page.locator(byId('person-card')).getByText('Amara Okafor').waitFor()
    },
  },
]

const MADE = {
  id: '0199a8f0-0000-7000-8000-000000000001',
  createdBy: '0199a8f0-0000-7000-8000-000000000002',
  createdAt: '2026-01-05T09:00:00.000Z',
  expiresAt: '2126-01-12T09:00:00.000Z',
  maxUses: 10,
  uses: 0,
  userId: null,
  code: 'shown-once-and-never-again-by-this-page-0001',
}
