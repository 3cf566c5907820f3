// A chat client with stock `ws`: node chat.mjs ORIGIN EMAIL PASSWORD [ROOM_ID]. Each line is sent, each message told once.
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import WebSocket from 'ws'

const [origin, email, password, givenRoom] = process.argv.slice(2)
const unsent = new Map() // clientMessageId -> content, until the server has answered
const state = { room: givenRoom, token: '', seq: 0, attempts: 0, socket: undefined }

async function call(path, body) {
  const headers = { 'Content-Type': 'application/json', ...(state.token && { Authorization: `Bearer ${state.token}` }) }
  const request = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const answer = await (await fetch(new URL(path, origin), request)).json()
  if (!answer.success) throw new Error(answer.message)
  return answer.data
}

async function connect() {
  try {
    state.token ||= (await call('/v1/auth/login', { email, password })).accessToken
    state.room ??= (await call('/v1/chat/rooms'))[0].id
    const url = `${origin.replace('http', 'ws')}/v1/chat/rooms/${state.room}/ws?since=${state.seq}`
    state.socket = new WebSocket(url, { headers: { Authorization: `Bearer ${state.token}` } })
    state.socket.on('message', (frame) => String(frame) === 'pong' || String(frame).split('\n').forEach(hear))
    state.socket.on('close', later)
    state.socket.on('error', () => (state.token = '')) // perhaps it has expired: `close` comes next
  } catch (error) {
    console.error(error.message)
    later()
  }
}

const later = () => setTimeout(connect, Math.min(500 * 2 ** state.attempts++, 15_000) * (0.5 + Math.random() / 2))
const isOpen = () => state.socket?.readyState === WebSocket.OPEN
function say(id, content) {
  unsent.set(id, content)
  if (isOpen()) state.socket.send(JSON.stringify({ id, event: 'message:send', data: { content, clientMessageId: id } }))
}

function hear(line) {
  const { event, id, seq, data } = JSON.parse(line)
  const [isNew, retryMs] = [seq > state.seq, data.error?.retryAfterSeconds * 1_000]
  if (isNew) state.seq = seq
  if (event === 'ack') retryMs ? setTimeout(say, retryMs, id, unsent.get(id)) : unsent.delete(id)
  else if (event === 'error') console.error(data.message)
  else if (event === 'message:new' && isNew) console.log(`${data.sender.username}: ${data.content}`)
  else if (event === 'resync') console.error(`Too much was missed: see /v1/chat/rooms/${state.room}/messages`)
  else if (event === 'room:ready') {
    Object.assign(state, { seq: data.seq, attempts: 0 })
    for (const [key, content] of unsent) say(key, content)
    console.error('connected')
  }
}

createInterface({ input: process.stdin }).on('line', (content) => say(randomUUID(), content))
setInterval(() => isOpen() && state.socket.send('ping'), 25_000) // the answer is `pong`, and wakes nobody
connect()
