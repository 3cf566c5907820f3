/** WebSocket.readyState; the constant lives in different places in browsers and in Workers. */
const OPEN = 1

export interface PlainSocketEvents {
  onOpen(): void
  onText(text: string): void
  /** Once, however it ended. `wasOpen` is false for a refused upgrade. */
  onGone(code: number, wasOpen: boolean): void
}

export interface PlainSocket {
  readonly isOpen: boolean
  send(text: string): void
  /** Nothing is heard of it any more, at once. */
  drop(): void
}

/** One WebSocket, the same in browsers, Workers and Node. */
export function openPlainSocket(address: string, events: PlainSocketEvents): PlainSocket {
  const socket = new WebSocket(address)
  let wasOpen = false
  let isHeard = true
  const gone = (code: number) => {
    if (!isHeard) return
    isHeard = false
    events.onGone(code, wasOpen)
  }
  socket.addEventListener('open', () => {
    wasOpen = true
    if (isHeard) events.onOpen()
  })
  socket.addEventListener('message', ({ data }) => {
    if (isHeard && typeof data === 'string') events.onText(data)
  })
  socket.addEventListener('close', ({ code }) => gone(code))
  // A refused upgrade is only an error in Node 22, without the close that browsers add.
  socket.addEventListener('error', () => {
    if (!wasOpen) gone(1006)
  })
  return {
    get isOpen() {
      return socket.readyState === OPEN
    },
    send: (text) => socket.send(text),
    drop: () => {
      isHeard = false
      socket.close(1000)
    },
  }
}
