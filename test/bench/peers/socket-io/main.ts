import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import jwt from 'jsonwebtoken'
import { Server } from 'socket.io'
import { openStore } from './store.ts'

// A room as the documentation of socket.io has it, with the recovery of connections that it offers. `--persist` adds
// what it leaves to its users: what is said is stored before anybody hears of it.
const store = process.argv.includes('--persist') ? openStore(process.env.DATABASE_FILE ?? ':memory:') : undefined

/** Who belongs to a room, told when it is made. */
const members = new Map<string, string[]>()
/** Who has which room before them. */
const readers = new Set<string>()
/** In rooms of so few people those who are elsewhere are notified. */
const MOST_NOTIFIED = 50

const http = createServer(async (request, response) => {
  const room = /^\/rooms\/([^/]+)$/.exec(request.url ?? '')?.[1]
  if (room !== undefined && request.method === 'POST') members.set(room, (await json(request)) as string[])
  response.writeHead(room === undefined ? 404 : 204).end()
})
const io = new Server(http, { transports: ['websocket'], connectionStateRecovery: {} })
let seq = 0

// As its documentation has it for tokens: verified before the connection is one.
io.use((socket, next) => {
  try {
    const { sub } = jwt.verify(socket.handshake.auth.token, process.env.JWT_SECRET ?? '') as { sub: string }
    socket.data.user = sub
    next()
  } catch {
    next(new Error('unauthorized'))
  }
})

io.on('connection', async (socket) => {
  const { room } = socket.handshake.auth as { room?: string }
  const { user } = socket.data as { user: string }
  if (room === undefined) {
    await socket.join(`user:${user}`)
    socket.emit('user:ready', { userId: user })
    return
  }
  await socket.join(room)
  readers.add(`${room} ${user}`)
  socket.on('disconnect', () => readers.delete(`${room} ${user}`))
  socket.on('message:send', ({ content }: { content: string }, acknowledge: (answer: object) => void) => {
    const message = { id: randomUUID(), roomId: room, senderId: user, content, createdAt: new Date().toISOString() }
    seq = store ? store.keepMessage(message) : seq + 1
    io.to(room).emit('message:new', { ...message, seq })
    acknowledge({ success: true, seq })
    notifyMembers(message)
  })
  socket.emit('room:ready', { roomId: room })
})

/** Those of a small room who do not have it before them, each in a room of their own. */
function notifyMembers({ roomId, content }: { roomId: string; content: string }): void {
  const people = members.get(roomId) ?? []
  if (people.length > MOST_NOTIFIED) return
  const notifications = people
    .filter((userId) => !readers.has(`${roomId} ${userId}`))
    .map((userId) => ({ id: randomUUID(), userId, title: `New message in ${roomId}`, message: content }))
  if (notifications.length > 0) store?.keepNotifications(notifications)
  for (const { userId, ...notification } of notifications) {
    io.to(`user:${userId}`).emit('notification:new', notification)
  }
}

http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const { port } = http.address() as { port: number }
  process.send?.({ url: `http://127.0.0.1:${port}` })
})
