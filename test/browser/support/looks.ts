import axe from 'axe-core'
import type { Page } from 'playwright-core'

export interface Look {
  /** What the names of screenshots end in. */
  suffix: string
  viewport: { width: number; height: number }
  colorScheme: 'light' | 'dark'
}

const DESKTOP = { width: 1180, height: 760 }
const PHONE = { width: 390, height: 780 }
/** The narrowest that is still promised. */
export const NARROW = { width: 320, height: 640 }

const DESKTOP_LIGHT: Look = { suffix: 'desktop', viewport: DESKTOP, colorScheme: 'light' }
const DESKTOP_DARK: Look = { suffix: 'desktop-dark', viewport: DESKTOP, colorScheme: 'dark' }
const PHONE_LIGHT: Look = { suffix: 'phone', viewport: PHONE, colorScheme: 'light' }
const PHONE_DARK: Look = { suffix: 'phone-dark', viewport: PHONE, colorScheme: 'dark' }

/**
 * Both widths and both schemes, each once, and the page opened once: what a run of all tests has time for. The page has to
 * bear being turned on the way, as a phone is.
 */
export const TWO_LOOKS = [[DESKTOP_LIGHT, PHONE_DARK]]
/** By width, because a page is opened once a width. */
export const ALL_LOOKS = [
  [DESKTOP_LIGHT, DESKTOP_DARK],
  [PHONE_DARK, PHONE_LIGHT],
]

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

declare global {
  interface Window {
    axe?: typeof axe
  }
}

/** What axe finds wrong, a line each: the rule, and where. */
export async function accessProblems(page: Page): Promise<string[]> {
  // Evaluated and not added as a script, which the page's own policy would rightly refuse.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const violations = await page.evaluate(async (values) => {
    const results = await window.axe?.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] })
    return results?.violations.map(({ id, help, nodes }) => ({
      what: `${id}: ${help}`,
      where: nodes.map(({ target, any }) => `${target.join(' ')} ${any[0]?.message ?? ''}`),
    }))
  }, RULES)
  if (!violations) throw new Error('axe did not run')
  return violations.flatMap(({ what, where }) => where.map((place) => `${what} at ${place}`))
}

/** Whether somebody would have to scroll sideways to read the page. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) > innerWidth)
}
