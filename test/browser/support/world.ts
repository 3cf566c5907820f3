import { PEOPLE } from '../../../scripts/lib/seed-world.mjs'
import { seed } from '../../../scripts/seed.mjs'
import { type Client, createClient } from '../../../src/client/index.ts'
import { startSystem } from '../../support/node/system.ts'
import { testSettings } from '../../support/test-settings.ts'

export interface Account {
  email: string
  password: string
}

/** The world that `npm start` seeds, for scenes to be played in. */
export interface SceneWorld {
  readonly baseUrl: string
  /** Signed in, of programs. `as` is how a page signs in; these are for what happens elsewhere. */
  readonly maya: Client
  readonly tomas: Client
  readonly admin: Client
  readonly rooms: {
    /** The group of all five, made by Maya. */
    launchWeek: string
    /** Maya's and Tomás's own. */
    mayaAndTomas: string
  }
  /** The client of anybody who was seeded: `priya`, `jonas`, `amara`. */
  client(username: string): Promise<Client>
  account(as: 'maya' | 'admin' | 'newcomer'): Promise<Account>
  /** Runs once however many scenes ask for it, and gives all of them what it gave. */
  make<T>(key: string, make: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

const NEWCOMER = { email: 'nora.nowak@selvage.test', password: 'Woven-edge-7', firstName: 'Nora', lastName: 'Nowak' }

export async function startWorld(): Promise<SceneWorld> {
  const system = await startSystem()
  const baseUrl = system.url.origin
  const { BOOTSTRAP_ADMIN_EMAIL = '', BOOTSTRAP_ADMIN_PASSWORD = '' } = testSettings()
  const admin = { email: BOOTSTRAP_ADMIN_EMAIL, password: BOOTSTRAP_ADMIN_PASSWORD }
  await seed(baseUrl, admin)

  const made = new Map<string, Promise<unknown>>()
  const make = <T>(key: string, run: () => Promise<T>): Promise<T> => {
    if (!made.has(key)) made.set(key, run())
    return once<T>(made.get(key))
  }
  const signIn = async (account: Account): Promise<Client> => {
    const client = createClient({ baseUrl, session: 'body' })
    await client.auth.login(account)
    return client
  }
  const seeded = (username: string): Account => {
    const person = PEOPLE.find((one) => one.username === username)
    if (!person) throw new Error(`Nobody called ${username} is seeded`)
    return { email: person.email, password: person.password }
  }
  const client = (username: string) => make(`client ${username}`, () => signIn(seeded(username)))

  const maya = await client('maya')
  const { items } = await maya.rooms.list()
  const roomOf = (type: string): string => {
    const room = items.find((one) => one.type === type)
    if (!room) throw new Error(`The seeded world has no ${type} room`)
    return room.id
  }
  return {
    baseUrl,
    maya,
    tomas: await client('tomas'),
    admin: await signIn(admin),
    rooms: { launchWeek: roomOf('group'), mayaAndTomas: roomOf('private') },
    client,
    make,
    account: async (as) => {
      if (as === 'admin') return admin
      if (as === 'maya') return seeded('maya')
      await make('newcomer', () => createClient({ baseUrl, session: 'body' }).auth.register(NEWCOMER))
      return NEWCOMER
    },
    close: () => system.close(),
  }
}

/** Whoever asks again under a key asks for the same: what is kept there is what their `make` gives. */
function once<T>(kept: Promise<unknown> | undefined): Promise<T> {
  return kept as Promise<T>
}
