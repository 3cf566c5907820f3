export const CATEGORIES = ['new_message', 'new_follower', 'post_liked', 'comment', 'system'] as const
export type Category = (typeof CATEGORIES)[number]

export const CHANNELS = ['in-app', 'email', 'push'] as const
export type Channel = (typeof CHANNELS)[number]

export const DIGEST_FREQUENCIES = ['daily', 'weekly'] as const

/** What leaves the house can be switched off by category; in the app there is one switch for all. */
export interface CategoryChoice {
  email?: boolean | undefined
  push?: boolean | undefined
}

export interface Preferences {
  inAppEnabled: boolean
  emailEnabled: boolean
  pushEnabled: boolean
  /** A category that is absent, or says nothing of a channel, allows it. */
  categoryPreferences: { [C in Category]?: CategoryChoice | undefined }
  /** One e-mail for many, instead of one each. */
  emailDigest: boolean
  digestFrequency: (typeof DIGEST_FREQUENCIES)[number]
}

/** What holds for whoever has changed nothing yet. */
export const DEFAULT_PREFERENCES: Preferences = {
  inAppEnabled: true,
  emailEnabled: true,
  pushEnabled: true,
  categoryPreferences: {},
  emailDigest: false,
  digestFrequency: 'daily',
}

/** The channels by which a person wants to be told of this. */
export function channelsFor(preferences: Preferences, category: Category): Channel[] {
  const choice = preferences.categoryPreferences[category]
  const wanted: Record<Channel, boolean> = {
    'in-app': preferences.inAppEnabled,
    email: preferences.emailEnabled && choice?.email !== false && !preferences.emailDigest,
    push: preferences.pushEnabled && choice?.push !== false,
  }
  return CHANNELS.filter((channel) => wanted[channel])
}

/** The preferences with a change: what it does not name stays, within a category too. */
export function changePreferences(preferences: Preferences, change: Partial<Preferences>): Preferences {
  const categories = { ...preferences.categoryPreferences }
  for (const category of CATEGORIES) {
    const choice = change.categoryPreferences?.[category]
    if (choice) categories[category] = { ...categories[category], ...choice }
  }
  return { ...preferences, ...change, categoryPreferences: categories }
}
