import type { Browser, Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../src/client/index.ts'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { startTcpProxy, type TcpProxy } from '../support/node/tcp-proxy.ts'

const PASSWORD = 'Woven-edge-7'
/** Enough for three pages of history. */
const OLD_MESSAGES = 110

const byId = (id: string) => `[data-testid="${id}"]`
const emailOf = (name: string) => `${name.toLowerCase()}@people.test`

async function registered(origin: string, firstName: string): Promise<Client> {
  const client = createClient({ baseUrl: origin, session: 'body' })
  const names = { firstName, lastName: 'Loom', username: firstName.toLowerCase() }
  await client.auth.register({ ...names, email: emailOf(firstName), password: PASSWORD })
  return client
}

async function signIn({ page, context }: Visitor, name: string): Promise<void> {
  const data = { email: emailOf(name), password: PASSWORD, session: 'cookie' }
  expect((await context.request.post('/v1/auth/login', { data })).ok()).toBe(true)
  await page.goto('/')
}

async function enter({ page }: Visitor, roomId: string, query = ''): Promise<void> {
  await page.goto(`/?room=${roomId}${query}`)
  await page.locator(`${byId('conversation')}[data-status="ready"]`).waitFor()
  await page.locator(byId('composer-input')).waitFor()
}

/** By what it says itself, not by what it quotes. */
const messageOf = ({ page }: Visitor, text: string): Locator =>
  page
    .locator(`${byId('messages')} ${byId('message')}`, {
      has: page.locator(byId('message-content'), { hasText: text }),
    })
    .last()

const shown = (visitor: Visitor, text: string) => messageOf(visitor, text).waitFor({ timeout: 10_000 })

async function say({ page }: Visitor, text: string): Promise<void> {
  await page.locator(byId('composer-input')).fill(text)
  await page.locator(byId('composer-input')).press('Enter')
}

/** From the menu of a message. */
async function pick(visitor: Visitor, text: string, action: string): Promise<void> {
  const message = messageOf(visitor, text)
  await message.hover()
  await message.locator(byId('message-more')).click()
  await visitor.page.locator(byId(action)).click()
}

/** By a part of its text. Below a certain width the panel goes with the jump: then it is opened anew. */
async function jumpTo({ page }: Visitor, text: string): Promise<void> {
  const input = page.locator(byId('search-input'))
  if (!(await input.isVisible())) await page.locator(byId('open-search')).click()
  await input.fill(text)
  const result = page.locator(byId('search-result'))
  await result.waitFor()
  expect(await result.locator('mark').textContent()).toBe(text.toLowerCase())
  await result.click()
}

const contentsOf = ({ page }: Visitor) =>
  page.locator(`${byId('messages')} ${byId('message-content')}`).allTextContents()

describe.skipIf(CHROMIUM_PATH === '')('a conversation of two people', () => {
  let system: RunningSystem
  let wire: TcpProxy
  let browser: Browser
  let api: { ann: Client; bob: Client }
  let ann: Visitor
  let bob: Visitor
  let group: string
  let pair: string

  beforeAll(async () => {
    system = await startSystem()
    wire = await startTcpProxy({ host: system.url.hostname, port: Number(system.url.port) })
    const [annClient, bobClient, launched] = await Promise.all([
      registered(system.url.origin, 'Ann'),
      registered(system.url.origin, 'Bob'),
      launchBrowser(),
    ])
    browser = launched
    api = { ann: annClient, bob: bobClient }
    const bobId = bobClient.user?.id ?? ''
    group = (await api.ann.rooms.create({ name: 'Weavers', memberIds: [bobId] })).id
    pair = (await api.ann.rooms.openPrivate(bobId)).id
    const room = api.bob.openRoom(group, { onEvent: () => {} })
    const texts = Array.from({ length: OLD_MESSAGES }, (_, n) =>
      n === 4 ? 'The needle is in here' : `Pick number ${n}`,
    )
    await Promise.all(texts.map((text) => room.send(text)))
    room.close()
    await api.ann.rooms.markRead(group)
    const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] }
    ann = await newVisitor(browser, system.url.origin, clipboard)
    bob = await newVisitor(browser, `http://127.0.0.1:${wire.port}`, { serviceWorkers: 'allow' })
    await Promise.all([signIn(ann, 'Ann'), signIn(bob, 'Bob')])
  })

  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    await screenshot(ann.page, 'conversation-failed-ann')
    await screenshot(bob.page, 'conversation-failed-bob')
  })

  afterAll(async () => {
    await browser?.close()
    await wire?.close()
    await system?.close()
  })

  it('react, answer, edit, pin and delete, and the other one sees each at once', async () => {
    await Promise.all([enter(ann, group), enter(bob, group)])
    await say(ann, 'Is the warp tight?')
    await shown(bob, 'Is the warp tight?')

    // By the keyboard: up from the composer into the messages, and the key for a reaction.
    await messageOf(bob, 'Is the warp tight?').focus()
    await bob.page.keyboard.press('+')
    await bob.page
      .locator(`${byId('emoji-dialog')} [data-emoji="🎉"]`)
      .first()
      .click()
    const chip = messageOf(ann, 'Is the warp tight?').locator(byId('reaction'))
    await chip.waitFor()
    expect(await chip.getAttribute('data-count')).toBe('1')
    expect(await chip.getAttribute('aria-pressed')).toBe('false')
    await chip.click()
    await messageOf(bob, 'Is the warp tight?').locator('[data-emoji="🎉"][data-count="2"]').waitFor()

    await messageOf(bob, 'Is the warp tight?').focus()
    await bob.page.keyboard.press('r')
    await bob.page.locator(`${byId('composer-mode')}[data-mode="reply"]`).waitFor()
    await say(bob, 'Tight as a drum')
    const quote = messageOf(ann, 'Tight as a drum').locator(byId('quote'))
    await quote.waitFor()
    expect(await quote.textContent()).toContain('Is the warp tight?')

    // Arrow up in an empty field edits the last own message.
    await ann.page.locator(byId('composer-input')).press('ArrowUp')
    await ann.page.locator(byId('composer-input')).fill('Is the warp really tight?')
    await ann.page.locator(byId('composer-input')).press('Enter')
    await messageOf(bob, 'Is the warp really tight?').locator(byId('edited')).waitFor()
    expect(await messageOf(bob, 'Tight as a drum').locator(byId('quote')).textContent()).toContain('really tight')

    await pick(ann, 'Tight as a drum', 'action-pin')
    await messageOf(bob, 'Tight as a drum').getByText('Pinned').waitFor({ state: 'attached' })
    await bob.page.locator(byId('open-pins')).click()
    await bob.page.locator(byId('pin-item'), { hasText: 'Tight as a drum' }).waitFor()
    await bob.page.locator(byId('pins-panel-close')).click()

    await pick(ann, 'Is the warp really tight?', 'action-delete')
    await ann.page.locator(byId('delete-message-yes')).click()
    const inBob = messageOf(bob, 'Tight as a drum')
    await inBob.locator(byId('quote'), { hasText: 'was deleted' }).waitFor()
    expect(await bob.page.locator(byId('messages')).getByText('Is the warp really').count()).toBe(0)
    // The focus is on a message or in the composer, not lost on the page.
    expect(await ann.page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
  })

  it('complete a mention with the keyboard', async () => {
    await Promise.all([enter(ann, group), enter(bob, group)])
    const field = ann.page.locator(byId('composer-input'))
    await field.pressSequentially('Ask @bo')
    await ann.page.locator(`${byId('mention-option')}[aria-selected="true"]`, { hasText: 'bob' }).waitFor()
    await field.press('Enter')
    expect(await field.inputValue()).toBe('Ask @bob ')
    await field.pressSequentially('about it')
    await field.press('Enter')
    await messageOf(bob, 'about it').locator('.mention[data-me]').waitFor()
  })

  it('talk in a thread beside the conversation', async () => {
    await Promise.all([enter(ann, group), enter(bob, group)])
    await say(ann, 'Who has the shuttle?')
    await shown(bob, 'Who has the shuttle?')
    await messageOf(bob, 'Who has the shuttle?').focus()
    await bob.page.keyboard.press('t')
    const panel = bob.page.locator(byId('thread-panel'))
    await panel.locator(byId('thread-composer-input')).fill('Not me')
    await panel.locator(byId('thread-composer-input')).press('Enter')
    await panel.locator(`${byId('message')}[data-state="sent"]`, { hasText: 'Not me' }).waitFor()
    const link = messageOf(ann, 'Who has the shuttle?').locator(byId('thread-link'))
    await link.waitFor()
    expect(await link.textContent()).toBe('One answer')
    await link.click()
    const annPanel = ann.page.locator(byId('thread-panel'))
    await annPanel.locator(byId('message'), { hasText: 'Not me' }).waitFor()
    await annPanel.locator(byId('thread-composer-input')).fill('Nothing, all is well')
    await annPanel.locator(byId('thread-composer-input')).press('Enter')
    await panel.locator(byId('message'), { hasText: 'all is well' }).waitFor()
    await annPanel.locator(byId('thread-panel-close')).click()
    await panel.locator(byId('thread-panel-close')).click()
  })

  it('find an old message, read around it in both directions, and return to the newest', async () => {
    await Promise.all([enter(ann, group), enter(bob, group)])
    await jumpTo(ann, 'NEEDLE')
    await messageOf(ann, 'The needle is in here').waitFor()
    await expect
      .poll(() => ann.page.evaluate(() => document.activeElement?.textContent))
      .toContain('The needle is in here')
    await ann.page.getByText('The beginning of the conversation').waitFor({ state: 'attached' })
    // Something is said meanwhile: it neither appears out of place nor moves what is read.
    const before = await messageOf(ann, 'The needle is in here').boundingBox()
    await say(bob, 'Said while Ann reads old things')
    await shown(bob, 'Said while Ann reads')
    expect(await messageOf(ann, 'The needle is in here').boundingBox()).toEqual(before)
    // It is news to her until she comes to it.
    const unread = async () => (await api.ann.rooms.list()).items.find(({ id }) => id === group)?.unreadCount
    await expect.poll(unread, { timeout: 10_000 }).toBe(1)
    // Down to the end, page by page.
    for (let turns = 0; turns < 40 && !(await messageOf(ann, 'Said while Ann reads').isVisible()); turns += 1) {
      await ann.page.locator(byId('messages')).evaluate((frame) => {
        frame.scrollTop = frame.scrollHeight
      })
      await ann.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
    }
    await shown(ann, 'Said while Ann reads')
    const all = await contentsOf(ann)
    expect(all.filter((text) => text.startsWith('Pick number'))).toHaveLength(OLD_MESSAGES - 1)
    expect(all.slice(0, 6).join(' ')).toContain('Pick number 0 Pick number 1 Pick number 2 Pick number 3')
    await jumpTo(ann, 'NEEDLE')
    await ann.page.locator(byId('jump-to-newest')).click()
    await expect.poll(() => messageOf(ann, 'Said while Ann reads').isVisible()).toBe(true)
    await expect.poll(unread, { timeout: 10_000 }).toBe(0)
  })

  it('see that the other one writes, and has read', async () => {
    await Promise.all([enter(ann, pair), enter(bob, pair)])
    for (const { page } of [ann, bob]) {
      await page.locator(byId('conversation-about'), { hasText: 'here now' }).waitFor()
      // A phone has no room for the picture, and says it in words alone.
      await page.locator(`${byId('presence')}[data-online="true"]`).waitFor({ state: 'attached' })
    }
    await bob.page.locator(byId('composer-input')).pressSequentially('Hel')
    await ann.page.locator(byId('typing'), { hasText: 'Bob Loom is writing' }).waitFor()
    await bob.page.locator(byId('composer-input')).press('Enter')
    await ann.page.locator(`${byId('typing')}[data-quiet="true"]`).waitFor({ state: 'attached' })
    await say(ann, 'Hello yourself')
    await ann.page.locator(byId('seen')).waitFor()
  })

  it('keep what was written offline over a reload, and send it in order, once', async () => {
    await Promise.all([enter(ann, pair), enter(bob, pair)])
    const { page } = bob
    // From here on the shell comes from what is kept.
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    wire.cut()
    await page.locator(`${byId('connection-state')}[data-state="reconnecting"]`).waitFor({ state: 'attached' })
    for (const n of [1, 2, 3]) await say(bob, `Offline ${n}`)
    await page.locator(byId('composer-input')).fill('Not sent at all')
    await page.reload()
    await page.locator(byId('unreachable')).waitFor()
    wire.mend()
    await shown(ann, 'Offline 3')
    const offline = async (visitor: Visitor) => (await contentsOf(visitor)).filter((text) => text.startsWith('Offline'))
    expect(await offline(ann)).toEqual(['Offline 1', 'Offline 2', 'Offline 3'])
    await page.locator(`${byId('message')}[data-state="sent"]`, { hasText: 'Offline 3' }).waitFor()
    expect(await offline(bob)).toEqual(['Offline 1', 'Offline 2', 'Offline 3'])
    expect(await page.locator(byId('composer-input')).inputValue()).toBe('Not sent at all')
    await page.locator(byId('composer-input')).fill('')
  })

  it('lose the socket in the middle of ten sends: each arrives once, in order, at both', async () => {
    await Promise.all([enter(ann, pair), enter(bob, pair)])
    const { page } = bob
    const texts = Array.from({ length: 10 }, (_, n) => `Shot ${n}`)
    const mine = async (visitor: Visitor) => (await contentsOf(visitor)).filter((text) => text.startsWith('Shot'))
    for (const [n, text] of texts.entries()) {
      await say(bob, text)
      // Some are cut on their way out, some on the way back, some while the page comes back.
      if (n === 2 || n === 4) wire.cut()
      if (n === 5) {
        const reconnecting = page.locator(`${byId('connection-state')}[data-state="reconnecting"]`)
        await reconnecting.waitFor({ state: 'attached' })
        // The true state: what nobody has confirmed is shown as such.
        await page.locator(`${byId('message')}[data-state="sending"]`, { hasText: text }).waitFor()
      }
      if (n === 3 || n === 6) wire.mend()
      if (n === 7) {
        wire.cut()
        wire.mend()
      }
      expect(await mine(bob)).toEqual(texts.slice(0, n + 1))
    }
    await expect.poll(() => mine(ann), { timeout: 30_000 }).toEqual(texts)
    await expect
      .poll(() => page.locator(`${byId('message')}:not([data-state="sent"])`).count(), { timeout: 30_000 })
      .toBe(0)
    await page.locator(`${byId('connection-state')}[data-state="open"]`).waitFor({ state: 'attached', timeout: 30_000 })
    expect(await mine(bob)).toEqual(texts)
    const stored = await api.ann.messages.list(pair, { limit: 50 })
    expect(stored.items.map(({ content }) => content).filter((text) => text.startsWith('Shot'))).toEqual(texts)
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('outbox')))).toEqual([])
  })

  it('agree in two tabs of one person', async () => {
    const second = await ann.context.newPage()
    const tab = { ...ann, page: second }
    await Promise.all([enter(ann, pair), enter(tab, pair)])
    await say(ann, 'From the first tab')
    await shown(tab, 'From the first tab')
    // Both tabs show it before it is stored, and only then does it come before what is said next.
    const newest = async () => (await api.ann.messages.list(pair, { limit: 1 })).items[0]?.content
    await expect.poll(newest, { timeout: 15_000 }).toBe('From the first tab')
    await say(tab, 'From the second tab')
    await shown(ann, 'From the second tab')
    for (const visitor of [ann, tab]) {
      expect((await contentsOf(visitor)).filter((text) => text.startsWith('From the'))).toEqual([
        'From the first tab',
        'From the second tab',
      ])
    }
    await second.close()
  })

  it('raise no error in their pages, and ask no other host', () => {
    for (const { errors, outside } of [ann, bob]) expect([errors, outside]).toEqual([[], []])
  })
})
