import { connect } from 'node:net'

/** What Redis answers: an error is a value, because it may stand among others. */
export type Reply = string | number | null | RedisError | Reply[]

export class RedisError extends Error {}

export interface Resp {
  /** Sends the commands in one write, so that no other comes between them; resolves to a reply each. */
  send(commands: readonly (readonly string[])[]): Promise<Reply[]>
  close(): void
}

/** One connection to Redis that speaks RESP2: replies come in the order of the commands. */
export function connectResp(port: number): Resp {
  const socket = connect(port, '127.0.0.1')
  const waiting: { resolve: (reply: Reply) => void; reject: (error: Error) => void }[] = []
  let received = Buffer.alloc(0)
  socket.setNoDelay(true)
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    for (let read = parse(received, 0); read; read = parse(received, 0)) {
      received = received.subarray(read.end)
      waiting.shift()?.resolve(read.reply)
    }
  })
  const fail = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('Redis has closed the connection')))
  return {
    send: (commands) => {
      const replies = commands.map(
        () => new Promise<Reply>((resolve, reject) => void waiting.push({ resolve, reject })),
      )
      socket.write(commands.map(format).join(''))
      return Promise.all(replies)
    },
    close: () => socket.destroy(),
  }
}

function format(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

/** The reply that begins here and where it ends, or undefined while some of it is still to come. */
function parse(bytes: Buffer, from: number): { reply: Reply; end: number } | undefined {
  const lineEnd = bytes.indexOf('\r\n', from)
  if (lineEnd < 0) return undefined
  const line = bytes.toString('utf8', from + 1, lineEnd)
  const end = lineEnd + 2
  switch (String.fromCharCode(bytes[from] ?? 0)) {
    case '+':
      return { reply: line, end }
    case '-':
      return { reply: new RedisError(line), end }
    case ':':
      return { reply: Number(line), end }
    case '$': {
      const length = Number(line)
      if (length < 0) return { reply: null, end }
      if (bytes.length < end + length + 2) return undefined
      return { reply: bytes.toString('utf8', end, end + length), end: end + length + 2 }
    }
    case '*': {
      if (Number(line) < 0) return { reply: null, end }
      const reply: Reply[] = []
      let next = end
      while (reply.length < Number(line)) {
        const item = parse(bytes, next)
        if (!item) return undefined
        reply.push(item.reply)
        next = item.end
      }
      return { reply, end: next }
    }
    default:
      throw new Error(`This is not RESP2: ${line}`)
  }
}
