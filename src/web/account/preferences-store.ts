import type { Client, NotificationPreferences, PreferencesBody } from '../../client/index.ts'
import { createStore, type Store } from '../store.ts'

export type Category = keyof NotificationPreferences['categoryPreferences']
export type OutsideChannel = 'email' | 'push'

export interface PreferencesState {
  status: 'loading' | 'ready' | 'failed'
  problem: unknown
  /** As they will be when all that is under way has been stored. */
  shown: NotificationPreferences | null
  /** How many changes are under way. */
  saving: number
}

export interface PreferencesStore {
  readonly state: Store<PreferencesState>
  load(): Promise<void>
  /** Shown at once; where it is not stored it is shown as it was, and rejects. */
  change(change: PreferencesBody): Promise<void>
}

/** The preferences with a change: what it does not name stays, within a category too. */
export function withChange(preferences: NotificationPreferences, change: PreferencesBody): NotificationPreferences {
  const categories = { ...preferences.categoryPreferences }
  for (const [name, choice] of Object.entries(change.categoryPreferences ?? {})) {
    const category = name as Category
    categories[category] = { ...categories[category], ...choice }
  }
  return { ...preferences, ...change, categoryPreferences: categories }
}

/** Whether a category goes out by a channel: what was never said is allowed. */
export function isWanted(preferences: NotificationPreferences, category: Category, channel: OutsideChannel): boolean {
  return preferences.categoryPreferences[category]?.[channel] !== false
}

export function createPreferences({ notifications }: Pick<Client, 'notifications'>): PreferencesStore {
  const state = createStore<PreferencesState>({ status: 'loading', problem: null, shown: null, saving: 0 })
  let stored: NotificationPreferences | null = null
  /** In the order in which they were made. One that fails leaves, and what was made of it goes with it. */
  const changes: PreferencesBody[] = []
  let last: Promise<unknown> = Promise.resolve()

  const show = () =>
    state.set({ shown: stored && changes.reduce(withChange, stored), saving: changes.length, status: 'ready' })

  return {
    state,
    load: async () => {
      state.set({ status: 'loading', problem: null })
      try {
        stored = await notifications.preferences()
        show()
      } catch (problem) {
        state.set({ status: 'failed', problem })
      }
    },
    change: async (change) => {
      changes.push(change)
      show()
      // One after the other, so that the answer to the last one is how things are.
      const answer = last.then(() => notifications.changePreferences(change))
      last = answer.catch(() => undefined)
      try {
        stored = await answer
      } finally {
        changes.splice(changes.indexOf(change), 1)
        show()
      }
    },
  }
}
