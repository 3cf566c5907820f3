import { type Client, createClient, type RoomEvent, type UserEvent } from '../../../src/client/index.ts'
import { type RunningSystem, startSystem } from './system.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** A running system, and a wire to it that a test can cut. */
export interface ClientWorld {
  system: RunningSystem
  wire: TcpProxy
  /** The origin over the wire. */
  wired: string
  /** Somebody new who is signed in, directly or over the wire. */
  enter(name: string, baseUrl?: string): Promise<Client>
  close(): Promise<void>
}

export async function openClientWorld(): Promise<ClientWorld> {
  const system = await startSystem()
  const wire = await startTcpProxy({ host: system.url.hostname, port: Number(system.url.port) })
  const clients: Client[] = []
  return {
    system,
    wire,
    wired: `http://127.0.0.1:${wire.port}`,
    enter: async (name, baseUrl = system.url.origin) => {
      const client = createClient({ baseUrl, session: 'body' })
      clients.push(client)
      await client.auth.register({
        email: `${name}@people.test`,
        password: 'Woven-edge-7',
        firstName: name,
        lastName: 'Tester',
        username: name,
      })
      return client
    },
    close: async () => {
      for (const client of clients) client.close()
      await wire.close()
      await system.close()
    },
  }
}

/** What a listener was told, and a way to wait for more of it. */
export interface Ears<E> {
  events: E[]
  onEvent(event: E): void
  /** Resolves with the first event, heard already or yet to come, that is meant. */
  heard(isMeant: (event: E) => boolean): Promise<E>
}

export function listen<E extends RoomEvent | UserEvent>(): Ears<E> {
  const events: E[] = []
  const waiting = new Set<(event: E) => void>()
  return {
    events,
    onEvent: (event) => {
      events.push(event)
      for (const wake of [...waiting]) wake(event)
    },
    heard: (isMeant) =>
      new Promise((resolve) => {
        const known = events.find(isMeant)
        if (known) return resolve(known)
        const wake = (event: E) => {
          if (!isMeant(event)) return
          waiting.delete(wake)
          resolve(event)
        }
        waiting.add(wake)
      }),
  }
}
