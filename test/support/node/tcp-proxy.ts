import { connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'

/**
 * A wire that a test can cut. A browser's offline switch leaves open sockets alone; this drops them, and
 * refuses new ones until it is mended.
 */
export interface TcpProxy {
  port: number
  /** Drops every connection, and refuses new ones. */
  cut(): void
  mend(): void
  /** Lets what goes to the server through, and drops the connection on which its next answer comes. */
  loseNextAnswer(): void
  close(): Promise<void>
}

export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<Socket>()
  let isCut = false
  let losesNext = false
  const server = createServer((client) => {
    if (isCut) {
      client.resetAndDestroy()
      return
    }
    const upstream = connect(target.port, target.host)
    const answers = new Transform({
      transform(chunk, _encoding, done) {
        if (!losesNext) return done(null, chunk)
        losesNext = false
        client.resetAndDestroy()
        done()
      },
    })
    client.pipe(upstream).pipe(answers).pipe(client)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from)
      from.once('error', () => to.destroy())
      from.once('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  const drop = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    port: address.port,
    cut: () => {
      isCut = true
      drop()
    },
    mend: () => {
      isCut = false
    },
    loseNextAnswer: () => {
      losesNext = true
    },
    close: () => {
      drop()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
