import type { Client, CurrentUser } from '../../client/index.ts'
import { createStore, type Store } from '../store.ts'

export interface OwnAddress {
  email: string
  isVerified: boolean
}

/** One's own address as it is now: it may be verified or changed in another tab, or on another device. */
export interface AddressWatch {
  readonly state: Store<OwnAddress>
  /** Asks anew; what cannot be had just now stays as it was. */
  look: () => Promise<void>
}

export function watchOwnAddress(client: Pick<Client, 'auth'>, user: CurrentUser): AddressWatch {
  const state = createStore<OwnAddress>({ email: user.email, isVerified: user.isEmailVerified })
  return {
    state,
    async look() {
      const now = await client.auth.me().catch(() => null)
      if (now?.id === user.id) state.set({ email: now.email, isVerified: now.isEmailVerified })
    },
  }
}
