import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot } from '../support/node/browser.ts'
import { bundleGallery } from './gallery/open-gallery.ts'
import { ALL_LOOKS, accessProblems, isTooWide, NARROW } from './support/looks.ts'

const byId = (id: string) => `[data-testid="${id}"]`

/** The name of what has the focus, as a screen reader says it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const { activeElement: element } = document
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent
    return (element?.getAttribute('aria-label') ?? label ?? '').trim()
  })

describe.skipIf(CHROMIUM_PATH === '')('the components', () => {
  let browser: Browser
  let page: Page
  let open: () => Promise<void>
  let errors: string[]

  beforeAll(async () => {
    const openGallery = await bundleGallery()
    browser = await launchBrowser()
    const visitor = await newVisitor(browser, 'http://gallery.test', { reducedMotion: 'reduce' })
    page = visitor.page
    errors = visitor.errors
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text())) errors.push(message.text())
    })
    open = () => openGallery(page)
  })

  afterAll(() => browser?.close())

  it('are readable by all in both schemes, fit into 320 pixels, and keep to the policy of the pages', async () => {
    await open()
    const found: string[] = []
    for (const { suffix, viewport, colorScheme } of ALL_LOOKS.flat()) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      for (const problem of await accessProblems(page)) found.push(`${suffix}: ${problem}`)
      await screenshot(page, `components-${suffix}`)
    }
    await page.setViewportSize(NARROW)
    if (await isTooWide(page)) found.push('has to be scrolled sideways')
    await page.setViewportSize({ width: 1180, height: 760 })
    await page.emulateMedia({ colorScheme: 'light' })
    expect([...found, ...errors]).toEqual([])
  })

  it('open a menu by keys, move in it by arrows, ends and letters, and give the focus back', async () => {
    await open()
    const button = page.locator(byId('menu'))
    await button.focus()
    await page.keyboard.press('Enter')
    expect(await focused(page)).toBe('Rename')
    await page.keyboard.press('ArrowUp')
    expect(await focused(page)).toBe('Leave')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('m')
    expect(await focused(page)).toBe('Mute for a day')
    await page.keyboard.press('Enter')
    expect(await page.locator(byId('picked')).textContent()).toBe('nothing')
    await page.keyboard.press('End')
    expect(await focused(page)).toBe('Leave')
    await page.keyboard.press('Escape')
    expect(await focused(page)).toBe('Actions')
    expect(await button.getAttribute('aria-expanded')).toBe('false')
  })

  it('bring the focus into a dialog, keep it there, and return it to the button of the menu it came from', async () => {
    await open()
    await page.locator(byId('menu')).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.locator(byId('dialog')).waitFor()
    expect(await focused(page)).toBe('Name')
    for (let step = 0; step < 6; step++) {
      await page.keyboard.press('Tab')
      expect(await page.evaluate(() => !document.activeElement?.closest('.area-body [data-testid="picked"]'))).toBe(
        true,
      )
      expect(await page.evaluate(() => document.activeElement?.matches('dialog *, body') ?? false)).toBe(true)
    }
    await page.keyboard.press('Escape')
    await page.locator(byId('dialog')).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Actions')
  })

  it('close a dialog by a press beside it, and not by one that begins in a field', async () => {
    await open()
    await page.locator(byId('open-dialog')).click()
    const field = await page.locator('dialog input').boundingBox()
    await page.mouse.move((field?.x ?? 0) + 5, (field?.y ?? 0) + 5)
    await page.mouse.down()
    await page.mouse.move(10, 10)
    await page.mouse.up()
    expect(await page.locator(byId('dialog')).count()).toBe(1)
    await page.mouse.click(10, 10)
    await page.locator(byId('dialog')).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Rename')
  })

  it('move through tabs by arrows, with one stop for Tab', async () => {
    await open()
    const tabs = page.getByRole('tablist', { name: 'Kinds' })
    await tabs.getByRole('tab', { name: 'The first' }).focus()
    await page.keyboard.press('ArrowLeft')
    expect(await focused(page)).toBe('The third')
    expect(await page.getByRole('tabpanel').textContent()).toBe('Of the third')
    await page.keyboard.press('Home')
    expect(await focused(page)).toBe('The first')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Find a person')
  })

  it('say what failed once, and do a thing once however often it is pressed', async () => {
    await page.clock.install()
    await open()
    const save = page.locator(byId('save'))
    await save.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    expect(await save.getAttribute('aria-busy')).toBe('true')
    await page.clock.runFor(1_100)
    expect(await page.locator(byId('runs')).textContent()).toBe('1')
    const said = page.getByRole('alert').filter({ hasText: 'That is on our side' }).locator(byId('toast'))
    await said.waitFor()
    expect(await said.count()).toBe(1)
  })

  it('take a toast away after a while, and not while somebody is about to answer it', async () => {
    await open()
    const undo = page.getByRole('button', { name: 'Undo' })
    await page.locator(byId('show-toast')).click()
    await undo.focus()
    await page.clock.runFor(60_000)
    expect(await undo.count()).toBe(1)
    await page.keyboard.press('Enter')
    expect(await page.locator(byId('picked')).textContent()).toBe('undo')
    await page.locator(byId('show-toast')).click()
    await page.clock.runFor(13_000)
    await undo.waitFor({ state: 'detached' })
  })

  it('let one ask again when the time that was named is over', async () => {
    await open()
    const retry = page.locator(byId('limited')).getByRole('button')
    expect(await retry.textContent()).toBe('Try again in 3 s')
    expect(await retry.getAttribute('aria-disabled')).toBe('true')
    await page.clock.runFor(3_100)
    expect(await retry.textContent()).toBe('Try again')
    expect(await retry.getAttribute('aria-disabled')).toBe(null)
  })

  it('keep a table a table where its rows are cards, and go on where a page ends', async () => {
    await page.setViewportSize(NARROW)
    await open()
    const table = page.getByRole('table', { name: 'Events', exact: true })
    expect(await table.getByRole('columnheader').allTextContents()).toEqual(['Event', 'Times', 'Actions'])
    expect(await table.getByRole('row').count()).toBe(1 + 3)
    await page.getByRole('button', { name: 'Show more' }).click()
    await table.getByText('Event 5').waitFor()
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0)
    await page.emulateMedia({ forcedColors: 'active' })
    await screenshot(page, 'components-forced-colors')
  })
})
