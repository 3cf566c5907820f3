import type { Browser, Locator, WebSocket } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'

const PASSWORD = 'Woven-edge-7'
const byId = (id: string) => `[data-testid="${id}"]`

interface Person extends Visitor {
  id: string
  username: string
  /** The same person with a program, for what happens elsewhere. */
  client: Client
}

describe.skipIf(CHROMIUM_PATH === '')('three people and their rooms', () => {
  let system: RunningSystem
  let browser: Browser
  let ann: Person
  let bob: Person
  let cal: Person
  let weavers = ''

  async function arrive(firstName: string, lastName: string): Promise<Person> {
    const account = { email: `${firstName}@people.test`.toLowerCase(), password: PASSWORD }
    const client = createClient({ baseUrl: system.url.origin, session: 'body' })
    const { id, username } = await client.auth.register({ ...account, firstName, lastName })
    const visitor = await newVisitor(browser, system.url.origin)
    await visitor.context.request.post('/v1/auth/login', { data: { ...account, session: 'cookie' } })
    await visitor.page.goto('/')
    await visitor.page.locator(byId('bell')).waitFor()
    return { ...visitor, id, username, client }
  }
  const at = ({ page }: Person, id: string): Locator => page.locator(byId(id))
  const rowOf = ({ page }: Person, roomId: string) => page.locator(`${byId('room-item')}[data-room-id="${roomId}"]`)
  const memberOf = ({ page }: Person, { username }: Person) =>
    page.locator(`li:has(${byId('member')}[data-username="${username}"])`)
  const unreadIn = (person: Person, roomId: string, count: number) =>
    person.page.locator(`${byId('room-item')}[data-room-id="${roomId}"][data-unread="${count}"]`).waitFor()

  /** The next socket of a room, once it has said something: one that is left before that fails instead of closing. */
  async function socketOf({ page }: Person, roomId: string): Promise<WebSocket> {
    const socket = await page.waitForEvent('websocket', (opened) => opened.url().includes(`/rooms/${roomId}/ws`))
    await socket.waitForEvent('framereceived')
    return socket
  }
  async function showDetails(person: Person, roomId: string, panel: string): Promise<void> {
    await person.page.goto(`/?room=${roomId}&panel=${panel}`)
    await person.page.locator(`${byId('details')}[data-status="ready"]`).waitFor()
  }
  /** On a phone the list is behind the conversation. Who goes back to it is on the row of the room. */
  async function toList(person: Person, from: string): Promise<void> {
    await person.page.locator('.shell').waitFor()
    const back = person.page.locator('.conversation-back')
    if (!(await back.isVisible())) return
    await back.click()
    await person.page.locator(`${byId('room-item')}[data-room-id="${from}"]:focus`).waitFor()
  }
  async function act(person: Person, on: Person, name: string): Promise<void> {
    await memberOf(person, on).locator(byId('member-menu')).click()
    await at(person, `act-${name}`).click()
  }

  beforeAll(async () => {
    system = await startSystem()
    browser = await launchBrowser()
    const people = [arrive('Ann', 'Lee'), arrive('Bob', 'Moss'), arrive('Cal', 'Third')] as const
    ;[ann, bob, cal] = await Promise.all(people)
  })

  // What each saw when a test failed, beside the results.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    for (const { context, username } of [ann, bob, cal]) {
      for (const [i, page] of context.pages().entries()) await screenshot(page, `rooms-failed-${username}-${i}`)
    }
  })

  afterAll(async () => {
    await browser?.close()
    await system?.close()
  })

  it('make a group with people in it, by keyboard alone, and who is in it sees it come', async () => {
    const { keyboard } = ann.page
    await at(ann, 'new-group').focus()
    await keyboard.press('Enter')
    await keyboard.type('Weavers')
    await at(ann, 'people-picker').focus()
    await keyboard.type('bob')
    await at(ann, 'pick-person').waitFor()
    await keyboard.press('Enter')
    await at(ann, 'picked-person').waitFor()
    await at(ann, 'create-group').focus()
    await keyboard.press('Enter')
    await ann.page.waitForURL(/room=/)
    weavers = new URL(ann.page.url()).searchParams.get('room') ?? ''
    await rowOf(bob, weavers).waitFor()
    expect(await rowOf(bob, weavers).textContent()).toContain('Weavers')
    // From the field into the list, and into the room.
    await at(bob, 'people-search').press('ArrowDown')
    await bob.page.keyboard.press('Enter')
    await bob.page.waitForURL(new RegExp(weavers))
  })

  it('join by the link of an invitation, which first says what it is, also after signing in', async () => {
    await showDetails(ann, weavers, 'invites')
    await at(ann, 'invite-uses').selectOption('1')
    await at(ann, 'create-invite').click()
    const link = await at(ann, 'invite-link').inputValue()
    await at(ann, 'invite').waitFor()

    await cal.context.clearCookies()
    await cal.page.goto(link)
    await cal.page.locator('input[name="email"]').fill('cal@people.test')
    await cal.page.locator('input[name="password"]').fill(PASSWORD)
    await cal.page.locator('button[type="submit"]').click()
    await at(cal, 'join-card').waitFor()
    expect(await at(cal, 'join-card').textContent()).toContain('Weavers2 members')
    await at(cal, 'join-yes').click()
    await cal.page.waitForURL(new RegExp(`/\\?room=${weavers}`))
    await toList(cal, weavers)
    await rowOf(cal, weavers).waitFor()

    await cal.page.goto(link)
    await at(cal, 'join-open').waitFor()
    await bob.page.goto(`/app/join?room=${weavers}&code=a-code-that-nobody-made`)
    await at(bob, 'join-open').waitFor()
    await at(ann, 'tab-members').click()
    await memberOf(ann, cal).waitFor()
  })

  it('see a new role at once, and what it lets them do', async () => {
    await showDetails(bob, weavers, 'members')
    expect(await memberOf(bob, cal).locator(byId('member-menu')).count()).toBe(1)
    await memberOf(bob, cal).locator(byId('member-menu')).click()
    expect(await at(bob, 'act-mute-60').count()).toBe(0)
    await bob.page.keyboard.press('Escape')
    await act(ann, bob, 'make-moderator')
    await bob.page.locator(`${byId('member')}[data-username="${bob.username}"][data-role="moderator"]`).waitFor()
    await act(bob, cal, 'mute-60')
    await memberOf(ann, cal).locator(byId('member-muted')).waitFor()
    await act(ann, cal, 'unmute')
    await memberOf(bob, cal).locator(byId('member-muted')).waitFor({ state: 'detached' })
  })

  it('change the settings of a group for all to see, and take back what is refused', async () => {
    await cal.page.goto('/')
    await at(ann, 'tab-settings').click()
    await at(ann, 'settings-name').fill('Weavers and dyers')
    await at(ann, 'settings-save').click()
    await rowOf(cal, weavers).getByText('Weavers and dyers').waitFor()
    await at(bob, 'tab-settings').click()
    expect(await at(bob, 'settings-join-policy').isDisabled()).toBe(true)
    await at(ann, 'settings-who-posts').selectOption('moderators')
    await bob.page.waitForFunction(
      (selector) => document.querySelector<HTMLSelectElement>(selector)?.value === 'moderators',
      byId('settings-who-posts'),
    )
    await ann.page.route(`**/v1/chat/rooms/${weavers}`, (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.fallback(),
    )
    await at(ann, 'settings-slow-mode').selectOption('60')
    // A toast is over the panel too where that is a dialog, and answers there.
    await ann.page.locator('.toast-bad').getByRole('button', { name: 'Dismiss' }).click()
    expect(await at(ann, 'settings-slow-mode').inputValue()).toBe('0')
    await ann.page.unrouteAll()
    await at(ann, 'settings-who-posts').selectOption('members')
    await at(ann, 'last-owner').waitFor()
  })

  it('agree in two tabs, and on another device, on what is unread', async () => {
    const second = await bob.context.newPage()
    await Promise.all([bob.page.goto('/'), second.goto('/')])
    const tab: Person = { ...bob, page: second }
    await ann.client.messages.post(weavers, { content: 'Who has the madder root?' })
    await Promise.all([unreadIn(bob, weavers, 1), unreadIn(tab, weavers, 1)])
    const joined = socketOf(bob, weavers)
    await rowOf(bob, weavers).click()
    await unreadIn(tab, weavers, 0)
    // Whoever has the room's socket open counts as reading.
    const left = (await joined).waitForEvent('close')
    await bob.page.goBack()
    await left
    await bob.page.locator(`${byId('room-item')}[data-room-id="${weavers}"]:focus`).waitFor()
    await ann.client.messages.post(weavers, { content: `@${bob.username}, is it you?` })
    await Promise.all([unreadIn(bob, weavers, 1), unreadIn(tab, weavers, 1)])
    await rowOf(tab, weavers).locator(byId('mention-mark')).waitFor()
    await bob.client.rooms.markRead(weavers)
    await Promise.all([unreadIn(bob, weavers, 0), unreadIn(tab, weavers, 0)])
    await second.close()
  })

  it('are told when they are removed, and banned until that is lifted', async () => {
    await cal.page.goto(`/?room=${weavers}`)
    await rowOf(cal, weavers).waitFor({ state: 'attached' })
    await showDetails(ann, weavers, 'members')
    await act(ann, cal, 'ban')
    await ann.page.locator(`${byId('confirm-ban')} input[name="reason"]`).fill('Cut the warp')
    await at(ann, 'confirm-ban-yes').click()
    await cal.page.getByText('You were banned from Weavers and dyers').waitFor()
    await rowOf(cal, weavers).waitFor({ state: 'detached' })
    await memberOf(ann, cal).waitFor({ state: 'detached' })
    await cal.page.goto(`/app/join?room=${weavers}`)
    await at(cal, 'join-banned').waitFor()
    await ann.page.locator(`${byId('banned-people')} summary`).click()
    expect(await at(ann, 'ban').textContent()).toContain('Cut the warp')
    await at(ann, 'lift-ban').click()
    await at(ann, 'ban').waitFor({ state: 'detached' })
  })

  it('find an open group, join it, and leave it again', async () => {
    const { id } = await ann.client.rooms.create({ name: 'Dye works', joinPolicy: 'open', memberIds: [] })
    await cal.page.goto('/')
    await at(cal, 'open-groups').click()
    // Until then all groups are listed, and a click would meet a list that is just changing.
    const found = cal.page.waitForResponse((response) => response.url().includes('q=dye'))
    await at(cal, 'open-groups-search').fill('dye')
    await found
    await cal.page.locator(`${byId('open-group')}[data-room-id="${id}"]`).waitFor()
    await at(cal, 'join-open-group').click()
    await cal.page.waitForURL(new RegExp(id))
    await showDetails(cal, id, 'settings')
    await at(cal, 'leave-group').click()
    await at(cal, 'confirm-leave-yes').click()
    await rowOf(cal, id).waitFor({ state: 'detached' })
    await cal.page.waitForURL(({ search }) => search === '')
  })

  it('follow an invitation by name from where it was told, and block whom they have had enough of', async () => {
    await showDetails(ann, weavers, 'invites')
    await at(ann, 'people-picker').fill('cal')
    await at(ann, 'pick-person').click()
    await at(ann, 'send-invites').click()
    await at(cal, 'bell-count').waitFor()
    await at(cal, 'bell').click()
    await at(cal, 'notification-item').filter({ hasText: 'invites you' }).click()
    await at(cal, 'join-yes').click()
    await cal.page.waitForURL(new RegExp(`/\\?room=${weavers}`))
    await showDetails(cal, weavers, 'members')
    await memberOf(cal, bob).locator(byId('person-button')).click()
    await at(cal, 'person-card').getByText('Bob Moss').first().waitFor()
    await at(cal, 'person-block').click()
    await at(cal, 'person-blocked').waitFor()
    // The page shows it at once, before the server has heard of it.
    const blocked = async () => (await cal.client.people.blocked()).items.map(({ id }) => id)
    await expect.poll(blocked).toEqual([bob.id])
    await at(cal, 'person-unblock').click()
    await at(cal, 'person-blocked').waitFor({ state: 'detached' })
    await expect.poll(blocked).toEqual([])
  })

  it('send nothing to any other host, and their pages raise no error', () => {
    for (const { outside, errors } of [ann, bob, cal]) expect([...outside, ...errors]).toEqual([])
  })
})
