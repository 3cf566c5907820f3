import { WebSocket } from 'ws'
import { type ChatProtocol, PING_MS, type Visitor } from './chat-protocols.ts'
import { Delays } from './delays.ts'
import type { Hearing } from './hearing.ts'

export interface CrowdOf {
  origin: string
  protocol: ChatProtocol
  /** Who they are, and where: each their own room, or none on sockets of their own. */
  people: readonly { room?: string; token: string }[]
}

/** The clients of a system, all in this process. */
export class Crowd {
  /** From each one's beginning to connect until it was greeted. */
  greetings = new Delays()
  readonly #of: CrowdOf
  readonly #visitors: Visitor[]
  /** By place; those whose turn to connect has not come are not there yet. */
  readonly #sockets: (WebSocket | undefined)[] = []
  #hearing: Hearing | undefined
  readonly #pings: ReturnType<typeof setInterval> | undefined

  constructor(of: CrowdOf) {
    this.#of = of
    this.#visitors = of.people.map(({ room, token }) => ({ room, token }))
    const { ping } = of.protocol
    if (ping !== undefined) this.#pings = setInterval(() => this.#sayAll(ping), PING_MS).unref()
  }

  get size(): number {
    return this.#visitors.length
  }

  listen(hearing: Hearing): void {
    this.#hearing = hearing
  }

  /** Opens everybody's socket, so many of them under way at once at most; resolves when each was greeted. */
  async open(atOnce: number): Promise<void> {
    await this.#connectAll([...this.#visitors.keys()], atOnce, false)
  }

  /** All but the first are cut off, without a word. */
  drop(): void {
    for (const socket of this.#sockets.slice(1)) if (socket) end(socket)
  }

  /** They come back, and ask for what they have missed. */
  async comeBack(atOnce: number, onBegin: (place: number) => void): Promise<void> {
    await this.#connectAll([...this.#visitors.keys()].slice(1), atOnce, true, onBegin)
  }

  say(place: number, id: number, content: string): void {
    const socket = this.#sockets[place]
    if (!socket) throw new Error('There is nobody to say it')
    this.#of.protocol.send(socket, id, content)
  }

  #sayAll(frame: string): void {
    for (const socket of this.#sockets) if (socket?.readyState === WebSocket.OPEN) socket.send(frame)
  }

  close(): void {
    clearInterval(this.#pings)
    for (const socket of this.#sockets) if (socket) end(socket)
  }

  async #connectAll(places: number[], atOnce: number, isReturn: boolean, onBegin?: (place: number) => void) {
    this.greetings = new Delays()
    const waiting = places.values()
    const work = async () => {
      for (const place of waiting) {
        const began = performance.now()
        onBegin?.(place)
        await this.#connect(place, isReturn)
        this.greetings.add(performance.now() - began)
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, places.length) }, work))
  }

  #connect(place: number, isReturn: boolean): Promise<void> {
    const { origin, protocol } = this.#of
    const visitor = this.#visitors[place]
    if (!visitor) throw new Error('There is nobody of this number')
    const { token } = visitor
    const socket = new WebSocket(protocol.url(origin, visitor, isReturn), {
      headers: protocol.headers(token),
      perMessageDeflate: false,
    })
    this.#sockets[place] = socket
    return new Promise((resolve, reject) => {
      let isReady = false
      socket.on('message', (data: Buffer) => {
        // What is looked for is ASCII, and this is the cheapest way to read that.
        const frame = data.toString('latin1')
        if (this.#hearing?.hear(place, frame)) visitor.lastFrame = frame
        if (isReady && frame.length > 1) return
        try {
          if (!protocol.greet(socket, frame, visitor, isReturn)) return
        } catch (error) {
          reject(error)
          return
        }
        isReady = true
        visitor.lastFrame = frame
        resolve()
      })
      socket.once('error', reject)
      socket.once('close', (code) => reject(new Error(`A socket was closed with ${code}`)))
    })
  }
}

/** A client that vanishes: its end of the connection is closed, and nothing said. */
function end(socket: WebSocket): void {
  socket.removeAllListeners('close')
  socket.removeAllListeners('error')
  socket.on('error', () => undefined)
  socket.terminate()
}
