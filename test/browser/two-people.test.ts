import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot, type Visitor } from '../support/node/browser.ts'
import { type RunningSystem, startSystem } from '../support/node/system.ts'
import { startTcpProxy, type TcpProxy } from '../support/node/tcp-proxy.ts'

const PASSWORD = 'Woven-edge-7'
const byId = (id: string) => `[data-testid="${id}"]`

async function register({ page }: Visitor, firstName: string, lastName: string): Promise<void> {
  await page.goto('/')
  await page.getByRole('button', { name: /create an account/i }).click()
  const form = page.locator(byId('register-form'))
  await form.locator('input[name="firstName"]').fill(firstName)
  await form.locator('input[name="lastName"]').fill(lastName)
  await form.locator('input[name="email"]').fill(`${firstName}.${lastName}@people.test`.toLowerCase())
  await form.locator('input[name="password"]').fill(PASSWORD)
  await form.locator('button[type="submit"]').click()
  await page.locator(byId('bell')).waitFor()
}

/** On a phone an open room covers the list, and with it the bell and the menu of the account. */
async function toList({ page }: Visitor): Promise<void> {
  const back = page.locator('.conversation-back')
  if (await back.isVisible()) await back.click()
  await page.locator(byId('account-menu')).waitFor()
}

async function openChatWith(visitor: Visitor, text: string, username: string): Promise<void> {
  const { page } = visitor
  await toList(visitor)
  await page.locator(byId('people-search')).fill(text)
  await page.locator(`${byId('person-result')}[data-username="${username}"]`).click()
  // The room that was open before has a composer too.
  await page.locator(byId('conversation'), { hasText: `@${username}` }).waitFor()
  await page.locator(`${byId('conversation')}[data-status="ready"]`).waitFor()
}

async function say({ page }: Visitor, text: string): Promise<void> {
  await page.locator(byId('composer-input')).fill(text)
  await page.locator(byId('composer-input')).press('Enter')
}

const texts = ({ page }: Visitor) => page.locator(byId('message-content')).allTextContents()

async function sees(visitor: Visitor, text: string, within = 5_000): Promise<number> {
  const started = Date.now()
  await visitor.page.locator(byId('message-content'), { hasText: text }).first().waitFor({ timeout: within })
  return Date.now() - started
}

describe.skipIf(CHROMIUM_PATH === '')('two people in two browsers', () => {
  let system: RunningSystem
  let wire: TcpProxy
  let browser: Browser
  let ann: Visitor
  let bob: Visitor

  beforeAll(async () => {
    system = await startSystem()
    wire = await startTcpProxy({ host: system.url.hostname, port: Number(system.url.port) })
    browser = await launchBrowser()
    ann = await newVisitor(browser, system.url.origin)
    bob = await newVisitor(browser, `http://127.0.0.1:${wire.port}`)
  })

  // What a person saw when a test failed, beside the results.
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return
    await screenshot(bob.page, 'failed-bob')
    await screenshot(ann.page, 'failed-ann')
    console.log(bob.network.slice(-30).join('\n'))
  })

  afterAll(async () => {
    await browser?.close()
    await wire?.close()
    await system?.close()
  })

  it('register, open a private chat, and see each other’s messages within a second', async () => {
    await register(ann, 'Ann', 'Lee')
    await register(bob, 'Bob', 'Moss')
    await openChatWith(ann, 'bob', 'bob_moss')
    await say(ann, 'Hello Bob, is the loom running?')
    await sees(ann, 'is the loom running?')
    await screenshot(bob.page, 'bob-bell')
    await bob.page.locator(byId('room-item')).first().click()
    await sees(bob, 'is the loom running?')
    await say(bob, 'Since this morning.')
    expect(await sees(ann, 'Since this morning.')).toBeLessThan(1_000)
    await say(ann, 'Then the edge will hold.')
    expect(await sees(bob, 'Then the edge will hold.')).toBeLessThan(1_000)
    await screenshot(ann.page, 'ann-chat')
  })

  it('miss nothing when a connection dies: each message once, in order, after a resume with `since`', async () => {
    wire.cut()
    for (const n of [1, 2, 3]) await say(ann, `While you were away, ${n}`)
    await sees(ann, 'While you were away, 3')
    await bob.page.locator(`${byId('connection-state')}[data-state="reconnecting"]`).waitFor()
    await screenshot(bob.page, 'bob-reconnecting')
    const before = bob.sockets.length
    wire.mend()
    await sees(bob, 'While you were away, 3', 30_000)
    expect(await texts(bob)).toEqual([
      'Hello Bob, is the loom running?',
      'Since this morning.',
      'Then the edge will hold.',
      'While you were away, 1',
      'While you were away, 2',
      'While you were away, 3',
    ])
    const resumed = bob.sockets.slice(before).filter((url) => url.includes('/chat/rooms/'))
    expect(resumed.at(-1)).toMatch(/[?&]since=3(&|$)/)
    await say(bob, 'I am back.')
    expect(await sees(ann, 'I am back.')).toBeLessThan(2_000)
    await screenshot(bob.page, 'bob-resumed')
  })

  it('keep what a person writes while the wire is cut, and send it once when it is mended', async () => {
    wire.cut()
    await bob.page.locator(`${byId('connection-state')}[data-state="reconnecting"]`).waitFor()
    await say(bob, 'Written offline')
    await bob.page.locator(`${byId('message')}[data-state="sending"]`).waitFor()
    wire.mend()
    await sees(ann, 'Written offline', 30_000)
    await bob.page.locator(`${byId('message')}[data-state="sent"]`, { hasText: 'Written offline' }).waitFor()
    for (const person of [ann, bob]) {
      expect((await texts(person)).filter((text) => text === 'Written offline')).toHaveLength(1)
    }
  })

  it('are alone: a third person sees no room and no message', async () => {
    const carl = await newVisitor(browser, system.url.origin)
    await register(carl, 'Carl', 'Third')
    await say(ann, 'Between the two of us')
    await sees(bob, 'Between the two of us')
    expect(await carl.page.locator(byId('room-item')).count()).toBe(0)
    expect(await carl.page.locator(byId('message')).count()).toBe(0)
    await screenshot(carl.page, 'carl-empty')
    await carl.context.close()
  })

  it('are told by the bell of what they missed elsewhere, live and counted, and it clears on reading', async () => {
    const dora = await newVisitor(browser, system.url.origin, {
      viewport: { width: 390, height: 780 },
      colorScheme: 'dark',
    })
    await register(dora, 'Dora', 'Quill')
    await openChatWith(ann, 'dora', 'dora_quill')
    await say(ann, 'Welcome, Dora')
    const count = dora.page.locator(byId('bell-count'))
    await count.waitFor({ timeout: 5_000 })
    expect(await count.textContent()).toBe('1')
    await screenshot(dora.page, 'dora-bell-phone-dark')
    // The toast that tells of it is there for longer, and in the way of neither.
    await dora.page.locator(byId('toast')).waitFor()
    await dora.page.locator(byId('bell')).click({ timeout: 5_000 })
    const item = dora.page.locator(byId('notification-item'))
    expect(await item.textContent()).toContain('Welcome, Dora')
    await screenshot(dora.page, 'dora-inbox-phone-dark')
    await item.click({ timeout: 5_000 })
    await sees(dora, 'Welcome, Dora')
    await count.waitFor({ state: 'detached', timeout: 10_000 })
    await screenshot(dora.page, 'dora-room-phone-dark')
    await dora.context.close()
  })

  it('stay signed in over a reload, in one browser until they sign out there', async () => {
    await bob.page.reload()
    await bob.page.locator(byId('current-user')).waitFor({ state: 'attached' })
    expect(await bob.page.locator(byId('current-user')).getAttribute('data-username')).toBe('bob_moss')
    await toList(bob)
    await bob.page.locator(byId('account-menu')).click()
    await bob.page.locator(byId('sign-out')).click()
    await bob.page.locator(byId('login-form')).waitFor()
    await bob.page.reload()
    await bob.page.locator(byId('login-form')).waitFor()
    expect(await ann.page.locator(byId('current-user')).getAttribute('data-username')).toBe('ann_lee')
  })

  it('send nothing to any other host, and their pages raise no error', () => {
    for (const visitor of [ann, bob]) {
      expect(visitor.outside).toEqual([])
      expect(visitor.errors).toEqual([])
    }
  })
})
