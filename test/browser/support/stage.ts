import type { Browser, Page } from 'playwright-core'
import { newVisitor, type Visitor } from '../../support/node/browser.ts'
import type { Scene } from './scene.ts'
import type { SceneWorld } from './world.ts'

export interface Stage {
  /** Lends a page of whom the scene is for, clears it away afterwards, and tells what it complained of. */
  play(scene: Scene, act: (page: Page) => Promise<void>): Promise<string[]>
}

type Player = Scene['as']

/** Each plays one scene at a time, in a browser of their own: scenes do not see what others have stored there. */
export function createStage(browser: Browser, world: SceneWorld, playersOfEach: number): Stage {
  const free = new Map<Player, Visitor[]>()
  let busy = 0
  const waiting: (() => void)[] = []

  const enter = async (as: Player): Promise<Visitor> => {
    while (busy >= playersOfEach) await new Promise<void>((resume) => waiting.push(resume))
    busy++
    const known = free.get(as)?.pop()
    if (known) return known
    const visitor = await newVisitor(browser, world.baseUrl, { reducedMotion: 'reduce' })
    if (as !== 'nobody') {
      const { email, password } = await world.account(as)
      const data = { email, password, session: 'cookie' }
      const answer = await visitor.context.request.post('/v1/auth/login', { data })
      if (!answer.ok()) throw new Error(`${as} could not sign in: ${answer.status()} ${await answer.text()}`)
    }
    visitor.page.on('console', (message) => {
      // What the page's own policy refuses is told nowhere else.
      if (/Content Security Policy/i.test(message.text())) visitor.errors.push(message.text())
    })
    return visitor
  }
  const leave = async (as: Player, visitor: Visitor): Promise<string[]> => {
    const { page, context, errors, outside } = visitor
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await context.setOffline(false)
    await page.goto('/favicon.svg')
    await page.evaluate(() => localStorage.clear())
    const complaints = [...errors.splice(0), ...outside.splice(0).map((url) => `asked ${url}`)]
    free.set(as, [...(free.get(as) ?? []), visitor])
    busy--
    waiting.shift()?.()
    return complaints
  }

  return {
    async play({ as }, act) {
      const visitor = await enter(as)
      let complaints: string[] = []
      try {
        await act(visitor.page)
      } finally {
        complaints = await leave(as, visitor)
      }
      return complaints
    },
  }
}
