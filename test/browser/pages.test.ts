import { readdirSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM_PATH, launchBrowser, newVisitor, screenshot } from '../support/node/browser.ts'
import { ALL_LOOKS, accessProblems, isTooWide, type Look, NARROW, TWO_LOOKS } from './support/looks.ts'
import type { Scene } from './support/scene.ts'
import { createStage, type Stage } from './support/stage.ts'
import { type SceneWorld, startWorld } from './support/world.ts'

/** Set by `npm run screenshots`: then every scene is looked at in all ways, one after the other, and kept. */
const isGallery = process.env.SCREENSHOTS !== undefined
/** More at once are faster, as pages wait for the server; one by one the pictures do not depend on each other. */
const AT_ONCE = isGallery ? 1 : 3

const scenes = await collectScenes()

describe.skipIf(CHROMIUM_PATH === '')('every page in every state', () => {
  let world: SceneWorld
  let browser: Browser
  let stage: Stage

  beforeAll(async () => {
    world = await startWorld()
    browser = await launchBrowser()
    stage = createStage(browser, world, AT_ONCE)
  })

  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  it.concurrent.each(scenes)('is readable by all, fits, and complains of nothing: $name', async (scene) => {
    const problems: string[] = []
    const complaints = await stage.play(scene, async (page) => {
      for (const looks of isGallery ? ALL_LOOKS : TWO_LOOKS) problems.push(...(await lookAt(page, scene, looks)))
    })
    expect([...problems, ...complaints]).toEqual([])
  })

  it('answers a mistyped address of a page with the page that says so, and a program with a problem', async () => {
    const ask = (accept: string) => fetch(new URL('/app/loom', world.baseUrl), { headers: { accept } })
    const forPeople = await ask('text/html,*/*;q=0.8')
    expect([forPeople.status, forPeople.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(forPeople.headers.get('content-security-policy')).toContain("script-src 'self'")
    const forPrograms = await ask('application/json')
    expect([forPrograms.status, await forPrograms.json()]).toMatchObject([404, { code: 'NOT_FOUND' }])
  })

  it('has the colours that were chosen before any script has come, and those of the system without a choice', async () => {
    const { context, page } = await newVisitor(browser, world.baseUrl)
    const cloth = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto('/')
    const day = await cloth()
    await page.emulateMedia({ colorScheme: 'dark' })
    await expect.poll(cloth).not.toBe(day)
    const night = await cloth()
    await page.emulateMedia({ colorScheme: 'light' })
    await page.evaluate(() => localStorage.setItem('selvage:theme', 'dark'))
    await page.route('**/*.js', () => undefined)
    await page.goto('/', { waitUntil: 'commit' })
    await page.waitForFunction(() => document.styleSheets.length > 0 && document.body)
    expect(await cloth()).toBe(night)
    await context.close()
  })

  /** Opens it at the width of these looks, and looks at it in each. */
  async function lookAt(page: Page, { name, open }: Scene, looks: readonly Look[]): Promise<string[]> {
    const found: string[] = []
    let isOpen = false
    for (const { suffix, viewport, colorScheme } of looks) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      if (!isOpen) await open(page, world)
      isOpen = true
      for (const problem of await accessProblems(page)) found.push(`${suffix}: ${problem}`)
      if (await isTooWide(page)) found.push(`${suffix}: has to be scrolled sideways`)
      if (isGallery || found.length > 0) await screenshot(page, `${name}-${suffix}`)
    }
    if (looks.some(({ suffix }) => suffix.startsWith('phone'))) {
      await page.setViewportSize(NARROW)
      if (await isTooWide(page)) found.push(`${NARROW.width} px: has to be scrolled sideways`)
    }
    return found
  }
})

/** Every `…Scenes` that a file of test/browser/scenes exports: a new one needs no mention here. */
async function collectScenes(): Promise<Scene[]> {
  const files = readdirSync(new URL('scenes', import.meta.url)).filter((file) => file.endsWith('.ts'))
  const modules = await Promise.all(
    files.map(
      (file): Promise<Record<`${string}Scenes`, Scene[]>> => import(new URL(`scenes/${file}`, import.meta.url).href),
    ),
  )
  const lists = modules.flatMap((module) => Object.entries(module).filter(([name]) => name.endsWith('Scenes')))
  const found = lists.flatMap(([, scenes]) => scenes)
  const only = (process.env.SCENES ?? '').split(',').filter(Boolean)
  return only.length > 0 ? found.filter(({ name }) => only.some((part) => name.includes(part))) : found
}
