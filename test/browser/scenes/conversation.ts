import type { Locator, Page } from 'playwright-core'
import type { Client } from '../../../src/client/index.ts'
import type { Scene } from '../support/scene.ts'
import type { SceneWorld } from '../support/world.ts'
import { makeLongRoom, makeLoomRoom, makeQuietRooms } from './conversation-rooms.ts'

const byId = (id: string) => `[data-testid="${id}"]`

async function enter(page: Page, roomId: string, query = ''): Promise<void> {
  await page.goto(`/?room=${roomId}${query}`)
  await page.locator(`${byId('conversation')}[data-status="ready"]`).waitFor()
  await page.locator(`${byId('connection-state')}[data-state="open"]`).waitFor({ state: 'attached' })
}

const messageOf = (page: Page, text: string): Locator =>
  page
    .locator(`${byId('messages')} ${byId('message')}`, {
      has: page.locator(byId('message-content'), { hasText: text }),
    })
    .last()

async function enterLoom(page: Page, world: SceneWorld, query = ''): Promise<void> {
  const { roomId } = await makeLoomRoom(world)
  await enter(page, roomId, query)
  await messageOf(page, 'Fabric ships').waitFor()
}

/** By keys, which work at every width. */
async function press(page: Page, text: string, key: string): Promise<void> {
  await messageOf(page, text).focus()
  await page.keyboard.press(key)
}

async function act(page: Page, text: string, action: string): Promise<void> {
  await press(page, text, 'Enter')
  await page.locator(`${byId('message-actions')} ${byId(action)}`).click()
}

/** Words that come from elsewhere, over a socket of that person's own. */
async function say(client: Client, roomId: string, text: string): Promise<void> {
  await client.messages.post(roomId, { content: text })
}

/** What is said in a room, and what can be done with it. */
export const conversationScenes: Scene[] = [
  { name: 'conversation', as: 'maya', open: (page, world) => enterLoom(page, world) },
  {
    name: 'conversation-new-typing',
    as: 'maya',
    async open(page, world) {
      const { news } = await makeQuietRooms(world)
      // A page that still shows the room would read it.
      await page.goto('/favicon.svg')
      await say(world.tomas, news, `The dye lot is in: ${Date.now() % 1_000} metres`)
      await enter(page, news)
      await page.locator(byId('new-line')).waitFor()
      const room = world.tomas.openRoom(news, {
        onEvent: () => {},
        onState: (state) => state === 'open' && room.typing(true),
      })
      await page.locator(`${byId('typing')}[data-quiet="false"]`).waitFor()
      setTimeout(() => room.close(), 4_000)
    },
  },
  {
    name: 'conversation-empty',
    as: 'maya',
    async open(page, world) {
      await enter(page, (await makeQuietRooms(world)).empty)
      await page.getByText('Nothing here yet').waitFor()
    },
  },
  {
    name: 'conversation-loading',
    as: 'maya',
    async open(page, world) {
      await page.route('**/messages?*', () => undefined)
      await page.goto(`/?room=${world.rooms.launchWeek}`)
      await page.locator(byId('bubble-skeleton')).waitFor()
    },
  },
  {
    name: 'conversation-failed',
    as: 'maya',
    async open(page, world) {
      await page.route('**/messages?*', (route) => route.fulfill({ status: 500, json: { success: false } }))
      await page.goto(`/?room=${world.rooms.launchWeek}`)
      await page.locator(byId('room-failed')).waitFor()
    },
  },
  {
    name: 'conversation-missing',
    as: 'maya',
    async open(page) {
      await page.goto('/?room=01930000-0000-7000-8000-00000000dead')
      await page.locator(byId('room-missing')).waitFor()
    },
  },
  {
    name: 'conversation-removed',
    as: 'maya',
    async open(page, world) {
      const mayaId = world.maya.user?.id ?? ''
      const { id } = await world.tomas.rooms.create({ name: 'Short visit', memberIds: [mayaId] })
      await enter(page, id)
      await world.tomas.rooms.removeMember(id, mayaId)
      await page.locator(byId('room-removed')).waitFor()
    },
  },
  {
    name: 'conversation-tools',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await press(page, 'Fabric ships', 'Shift')
      await messageOf(page, 'Fabric ships').locator(byId('message-more')).click()
      await page.locator('.menu').waitFor()
    },
  },
  {
    name: 'conversation-actions',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await press(page, 'Fabric ships', 'Enter')
      await page.locator(byId('message-actions')).waitFor()
    },
  },
  {
    name: 'conversation-emoji',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await messageOf(page, 'Fabric ships').focus()
      await messageOf(page, 'Fabric ships').locator(byId('message-react')).click()
      await page.locator(byId('emoji-picker')).waitFor()
    },
  },
  {
    name: 'conversation-reactors',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await act(page, 'Is anybody at the loom', 'action-reactors')
      await page
        .locator(`${byId('reactors')} li`)
        .first()
        .waitFor()
    },
  },
  {
    name: 'conversation-report',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await act(page, 'Fabric ships', 'action-report')
      await page.locator(byId('report-dialog')).waitFor()
    },
  },
  {
    name: 'conversation-delete',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await press(page, 'Is anybody at the loom', 'Delete')
      await page.locator(byId('delete-message')).waitFor()
    },
  },
  {
    name: 'conversation-reply',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await press(page, 'Fabric ships', 'r')
      await page.locator(byId('composer-input')).fill('Then I will book the lorry')
    },
  },
  {
    name: 'conversation-mention',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await page.locator(byId('composer-input')).fill('')
      await page.locator(byId('composer-input')).pressSequentially('Thank you @')
      await page.locator(byId('mention-option')).first().waitFor()
    },
  },
  {
    name: 'conversation-too-long',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world)
      await page.locator(byId('composer-input')).fill('A very long thread. '.repeat(201))
      await page.locator('[data-over="true"]').waitFor()
    },
  },
  {
    name: 'conversation-slow',
    as: 'maya',
    async open(page, world) {
      await enter(page, (await makeQuietRooms(world)).slow)
      if (await page.locator(byId('slow-mode')).isVisible()) return
      await page.locator(byId('composer-input')).fill('The first one goes')
      await page.locator(byId('composer-send')).click()
      await page.locator(byId('slow-mode')).waitFor()
    },
  },
  {
    name: 'conversation-not-sent',
    as: 'maya',
    async open(page, world) {
      const { news: roomId } = await makeQuietRooms(world)
      const createdAt = new Date().toISOString()
      const left = { clientMessageId: 'left-by-a-page', roomId, content: 'Who has the red thread?', replyTo: null }
      const entry = {
        ...left,
        threadId: null,
        createdAt,
        order: 1,
        state: 'failed',
        problem: 'You are muted in this room',
      }
      await page.goto('/favicon.svg')
      const key = `selvage:outbox:${world.maya.user?.id}:left-by-a-page`
      await page.evaluate(([name = '', value = '']) => localStorage.setItem(name, value), [key, JSON.stringify(entry)])
      await enter(page, roomId)
      await page.locator(byId('message-retry')).waitFor()
    },
  },
  {
    name: 'conversation-waiting',
    as: 'maya',
    async open(page, world) {
      const { news } = await makeQuietRooms(world)
      await page.route('**/v1/ws-tickets', (route) => route.abort())
      await page.goto(`/?room=${news}`)
      await page.locator(`${byId('conversation')}[data-status="ready"]`).waitFor()
      await page.locator(`${byId('connection-state')}[data-state="reconnecting"]`).waitFor()
      await page.locator(byId('composer-input')).fill('Written without a connection')
      await page.locator(byId('composer-send')).click()
      await page
        .locator(`${byId('message')}[data-state="sending"]`)
        .first()
        .waitFor()
    },
  },
  {
    name: 'conversation-muted',
    as: 'maya',
    async open(page, world) {
      await enter(page, (await makeQuietRooms(world)).muted)
      await page.locator(`${byId('composer-silent')}[data-why="muted"]`).waitFor()
    },
  },
  {
    name: 'conversation-folded',
    as: 'maya',
    async open(page, world) {
      const { folded } = await makeQuietRooms(world)
      await enter(page, folded)
      await page.locator(byId('message-folded')).waitFor()
    },
  },
  {
    name: 'conversation-thread',
    as: 'maya',
    async open(page, world) {
      const { rootId } = await makeLoomRoom(world)
      await enterLoom(page, world, `&panel=thread&thread=${rootId}`)
      await page
        .locator(`${byId('thread-panel')} ${byId('message')}`)
        .nth(2)
        .waitFor()
    },
  },
  {
    name: 'conversation-pins',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world, '&panel=pins')
      await page.locator(byId('pin-item')).first().waitFor()
    },
  },
  {
    name: 'conversation-no-pins',
    as: 'maya',
    async open(page, world) {
      await enter(page, (await makeQuietRooms(world)).empty, '&panel=pins')
      await page.locator(byId('no-pins')).waitFor()
    },
  },
  {
    name: 'conversation-search',
    as: 'maya',
    async open(page, world) {
      await enterLoom(page, world, '&panel=search')
      await page.locator(byId('search-input')).fill('loom')
      await page.locator(byId('search-result')).first().waitFor()
    },
  },
  {
    name: 'conversation-past',
    as: 'maya',
    async open(page, world) {
      const { roomId, oldSeq } = await makeLongRoom(world)
      await enter(page, roomId, `&message=${oldSeq}`)
      await page.locator('[data-target]').waitFor()
      await page.locator(byId('jump-to-newest')).waitFor()
    },
  },
]
