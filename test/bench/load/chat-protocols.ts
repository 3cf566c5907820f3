import type { WebSocket } from 'ws'

/** A client, and what it has to know to come back as itself. */
export interface Visitor {
  /** Undefined on a person's own socket. */
  room: string | undefined
  token: string
  /** What the last frame with a place in the log was: from there it comes back. */
  lastFrame?: string
  /** Under which socket.io keeps what a client has missed. */
  pid?: string
}

/** How a client speaks to a system; both by plain WebSockets, so that no client library stands between. */
export interface ChatProtocol {
  /** `isReturn` asks for what came after the visitor's last frame. */
  url(origin: string, visitor: Visitor, isReturn: boolean): string
  headers(token: string): Record<string, string>
  /** Says back to a frame what the connection needs to come about or to stay; true where the client is welcome now. */
  greet(socket: WebSocket, frame: string, visitor: Visitor, isReturn: boolean): boolean
  send(socket: WebSocket, id: number, content: string): void
  /** What a client says every `PING_MS`, so that it is not taken for gone; undefined where it only answers. */
  ping?: string
}

export const PING_MS = 25_000

export const SELVAGE: ChatProtocol = {
  url: (origin, { room, lastFrame = '' }, isReturn) => {
    const since = isReturn ? `?since=${seqOf(lastFrame)}` : ''
    return `${origin.replace('http', 'ws')}/v1/${room === undefined ? 'notifications' : `chat/rooms/${room}`}/ws${since}`
  },
  headers: (token) => ({ authorization: `Bearer ${token}` }),
  greet: (_socket, frame) => frame.includes('"event":"room:ready"') || frame.includes('"event":"user:ready"'),
  send: (socket, id, content) => socket.send(JSON.stringify({ id, event: 'message:send', data: { content } })),
  ping: 'ping',
}

/** A frame may hold several lines, of which the last message is the newest. A greeting says where the room stands. */
function seqOf(frame: string): number {
  const message = '"event":"message:new","seq":'
  const at = frame.lastIndexOf(message)
  const seq = at === -1 ? /"event":"room:ready".*?"seq":(\d+)/.exec(frame)?.[1] : frame.slice(at + message.length)
  return Number.parseInt(seq ?? '', 10)
}

/** Engine.IO 4 and the protocol of socket.io 5 over it. */
export const SOCKET_IO: ChatProtocol = {
  url: (origin) => `${origin.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
  headers: () => ({}),
  greet: (socket, frame, visitor, isReturn) => {
    if (frame.startsWith('0')) socket.send(`40${JSON.stringify(authOf(visitor, isReturn))}`)
    else if (frame === '2') socket.send('3')
    else if (frame.startsWith('44')) throw new Error(`socket.io refuses: ${frame}`)
    else if (frame.startsWith('40')) {
      const { pid } = JSON.parse(frame.slice(2)) as { pid: string }
      // Whoever is not known any more gets a new one, and nothing of what was missed.
      if (isReturn && pid !== visitor.pid) throw new Error('socket.io has not recovered a connection')
      visitor.pid = pid
    }
    return frame.startsWith('42["room:ready"') || frame.startsWith('42["user:ready"')
  },
  send: (socket, id, content) => socket.send(`42${id}${JSON.stringify(['message:send', { content }])}`),
}

/** With recovery, the last argument of each event says where in the log it stands. */
function authOf({ room, token, pid, lastFrame = '' }: Visitor, isReturn: boolean): object {
  if (!isReturn) return { room, token }
  return { room, token, pid, offset: /,"([^"]+)"\]$/.exec(lastFrame)?.[1] }
}
