import { vi } from 'vitest'
import type { Message } from '../../src/features/chat/message-schemas.ts'
import type { Api } from './api.ts'
import type { TestPerson } from './people.ts'

export interface Line {
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: what a test expects of a line, it says itself.
  data: any
  id?: string | number
  seq?: number
}

/** The client's end of a socket, as a test sees it: every line that came, and when it closed. */
export interface TestSocket {
  lines: Line[]
  frames: string[]
  closed: { code: number; reason: string } | undefined
  send(event: string, data: unknown, id?: string | number): void
  sendRaw(text: string): void
  close(code?: number): void
  /** Resolves to the first line, from the start, for which this is so. */
  until(matches: (line: Line) => boolean): Promise<Line>
  ack(id: string | number): Promise<Line>
  untilClosed(): Promise<{ code: number; reason: string }>
  messages(): Message[]
}

function watch(webSocket: WebSocket): TestSocket {
  const socket: TestSocket = {
    lines: [],
    frames: [],
    closed: undefined,
    send: (event, data, id = crypto.randomUUID()) => webSocket.send(JSON.stringify({ id, event, data })),
    sendRaw: (text) => webSocket.send(text),
    close: (code = 1000) => webSocket.close(code),
    until: (matches) =>
      vi.waitFor(
        () => {
          const found = socket.lines.find(matches)
          if (!found) throw new Error(`Not among ${JSON.stringify(socket.lines)}`)
          return found
        },
        { timeout: 8_000, interval: 5 },
      ),
    ack: (id) => socket.until((line) => line.event === 'ack' && line.id === id),
    untilClosed: () =>
      vi.waitFor(
        () => {
          if (!socket.closed) throw new Error('The socket is open')
          return socket.closed
        },
        { timeout: 8_000, interval: 5 },
      ),
    messages: () => socket.lines.filter(({ event }) => event === 'message:new').map(({ data }) => data as Message),
  }
  webSocket.accept()
  webSocket.addEventListener('message', ({ data }) => {
    const text = String(data)
    socket.frames.push(text)
    if (text !== 'pong') socket.lines.push(...text.split('\n').map((line) => JSON.parse(line) as Line))
  })
  webSocket.addEventListener('close', ({ code, reason }) => {
    socket.closed = { code, reason }
  })
  return socket
}

/** Asks for an upgrade; the answer is the caller's to look at. */
export function upgrade(api: Api, path: string, headers: Record<string, string> = {}) {
  return api.get(path, { headers: { upgrade: 'websocket', ...headers } })
}

export async function openSocket(
  api: Api,
  person: TestPerson,
  path: string,
  headers: Record<string, string> = {},
): Promise<TestSocket> {
  const ticket = await api.as(person).post<{ ticket: string }>('/v1/ws-tickets')
  const url = new URL(path, 'http://localhost')
  url.searchParams.set('ticket', ticket.body.data.ticket)
  const { status, response, body } = await upgrade(api, `${url.pathname}${url.search}`, headers)
  if (!response.webSocket) throw new Error(`The upgrade answered ${status}: ${JSON.stringify(body)}`)
  return watch(response.webSocket)
}

export function openRoom(api: Api, person: TestPerson, roomId: string, since?: number): Promise<TestSocket> {
  return openSocket(api, person, `/v1/chat/rooms/${roomId}/ws${since === undefined ? '' : `?since=${since}`}`)
}
