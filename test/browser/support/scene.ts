import type { Page } from 'playwright-core'
import type { SceneWorld } from './world.ts'

/** One page in one state: what is looked at, and checked, on a desk and on a phone, by day and by night. */
export interface Scene {
  /** In kebab-case; the name of its screenshots too. */
  name: string
  /** Who looks. A newcomer has an account and nothing else. */
  as: 'maya' | 'admin' | 'nobody' | 'newcomer'
  /**
   * Brings the page there, from any other state and at any width, so it begins with `page.goto`. Answers that never
   * come or that fail are made with `page.route`, which is undone afterwards.
   */
  open(page: Page, world: SceneWorld): Promise<void>
}
