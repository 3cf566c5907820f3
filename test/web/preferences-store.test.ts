import { describe, expect, it, vi } from 'vitest'
import type { NotificationPreferences, PreferencesBody } from '../../src/client/index.ts'
import { createPreferences, isWanted, withChange } from '../../src/web/account/preferences-store.ts'

const DEFAULTS: NotificationPreferences = {
  id: 'me',
  userId: 'me',
  inAppEnabled: true,
  emailEnabled: true,
  pushEnabled: true,
  categoryPreferences: {},
  emailDigest: false,
  digestFrequency: 'daily',
  updatedAt: null,
}

async function open() {
  let stored = DEFAULTS
  const changePreferences = vi.fn(async (change: PreferencesBody) => {
    stored = withChange(stored, change)
    return stored
  })
  const notifications = { preferences: async () => stored, changePreferences }
  // The other calls are not made here.
  const store = createPreferences({ notifications } as unknown as Parameters<typeof createPreferences>[0])
  await store.load()
  return { store, changePreferences }
}

describe('the preferences on the page', () => {
  it('keep what a change does not name, within a category too', () => {
    const once = withChange(DEFAULTS, { categoryPreferences: { system: { email: false } } })
    const twice = withChange(once, { categoryPreferences: { system: { push: false } }, pushEnabled: false })
    expect(twice).toMatchObject({ categoryPreferences: { system: { email: false, push: false } }, inAppEnabled: true })
    expect([isWanted(twice, 'system', 'email'), isWanted(twice, 'new_message', 'email')]).toEqual([false, true])
  })

  it('show a change at once, and what is stored when it was not taken, beside others that were', async () => {
    const { store, changePreferences } = await open()
    changePreferences.mockImplementationOnce(() => Promise.reject(new Error('offline')))
    const failed = store.change({ emailEnabled: false })
    const taken = store.change({ pushEnabled: false })
    expect(store.state.value).toMatchObject({ saving: 2, shown: { emailEnabled: false, pushEnabled: false } })
    await expect(failed).rejects.toThrow('offline')
    await taken
    expect(store.state.value).toMatchObject({ saving: 0, shown: { emailEnabled: true, pushEnabled: false } })
  })
})
