import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ApiError, type UserEvent } from '../../src/client/index.ts'
import { LiveSocket } from '../../src/client/sockets/live-socket.ts'
import { Outbox } from '../../src/client/sockets/outbox.ts'
import { RoomSocket } from '../../src/client/sockets/room-socket.ts'
import { openUserSocket } from '../../src/client/sockets/user-socket.ts'

/** A WebSocket that does what the test says. */
class FakeSocket extends EventTarget {
  static made: FakeSocket[] = []
  readonly sent: string[] = []
  readonly address: string
  readyState = 0

  constructor(address: string) {
    super()
    this.address = address
    FakeSocket.made.push(this)
  }

  open(): void {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }

  say(...lines: object[]): void {
    const data = lines.map((line) => JSON.stringify(line)).join('\n')
    this.dispatchEvent(Object.assign(new Event('message'), { data }))
  }

  end(code: number): void {
    this.readyState = 3
    this.dispatchEvent(Object.assign(new Event('close'), { code }))
  }

  send(text: string): void {
    this.sent.push(text)
  }

  close(): void {
    this.readyState = 3
  }
}

const newest = () => FakeSocket.made.at(-1) as FakeSocket
const made = () => FakeSocket.made.length

/** A connection with what it told of its state. */
function connect({ renewSession = async () => true, probe = async () => {} } = {}) {
  const states: string[] = []
  const live: LiveSocket = new LiveSocket({
    address: async () => 'ws://room',
    renewSession,
    probe,
    onOpen: () => live.ready(),
    onEvent: () => {},
    onState: (state, reason) => states.push(reason ?? state),
  })
  return { live, states }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', FakeSocket)
  FakeSocket.made = []
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('a connection that the server closes', () => {
  const cases: [code: number, reason: string][] = [
    [4403, 'removed'],
    [4404, 'left'],
  ]
  it.each(cases)('with %i has come to its end: %s', async (code, reason) => {
    const { states } = connect()
    await vi.advanceTimersByTimeAsync(0)
    newest().open()
    newest().end(code)
    expect(states).toEqual(['open', reason])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('with 4401 comes back when the session can be renewed, and else ends', async () => {
    const renewed = connect()
    await vi.advanceTimersByTimeAsync(0)
    newest().open()
    newest().end(4401)
    await vi.advanceTimersByTimeAsync(1_000)
    newest().open()
    expect(renewed.states).toEqual(['open', 'reconnecting', 'open'])
    renewed.live.close()
    const over = connect({ renewSession: async () => false })
    await vi.advanceTimersByTimeAsync(0)
    newest().open()
    newest().end(4401)
    await vi.advanceTimersByTimeAsync(0)
    expect(over.states.at(-1)).toBe('session-ended')
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each([4408, 4429])('with %i keeps away for half a minute, and comes back then', async (code) => {
    const { live, states } = connect()
    await vi.advanceTimersByTimeAsync(0)
    newest().open()
    newest().end(code)
    await vi.advanceTimersByTimeAsync(30_000)
    expect([made(), states.at(-1)]).toEqual([1, 'reconnecting'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(made()).toBe(2)
    live.close()
  })
})

describe('a connection that is lost', () => {
  it('is tried again after pauses that grow to fifteen seconds, half of each at random', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    const { live } = connect()
    const pauses: number[] = []
    for (let tries = 0; tries < 7; tries++) {
      await vi.advanceTimersToNextTimerAsync()
      const endedAt = Date.now()
      newest().end(1006)
      const before = made()
      while (made() === before) await vi.advanceTimersToNextTimerAsync()
      pauses.push(Date.now() - endedAt)
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 7_500, 7_500, 7_500])
    vi.mocked(Math.random).mockReturnValue(1)
    newest().end(1006)
    const endedAt = Date.now()
    const before = made()
    while (made() === before) await vi.advanceTimersToNextTimerAsync()
    expect(Date.now() - endedAt).toBe(15_000)
    live.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is known to be lost when nothing answers a ping, and ends where there is nothing any more', async () => {
    const gone = new ApiError({ status: 404, code: 'NOT_FOUND', message: 'Room not found' })
    const { states } = connect({ probe: () => Promise.reject(gone) })
    await vi.advanceTimersByTimeAsync(0)
    newest().open()
    await vi.advanceTimersByTimeAsync(25_000)
    expect(newest().sent).toEqual(['ping'])
    newest().dispatchEvent(Object.assign(new Event('message'), { data: 'pong' }))
    await vi.advanceTimersByTimeAsync(25_000)
    expect(states).toEqual(['open'])
    await vi.advanceTimersByTimeAsync(8_000)
    expect(states).toEqual(['open', 'reconnecting'])
    for (let refusals = 0; refusals < 2; refusals++) {
      await vi.advanceTimersByTimeAsync(2_000)
      newest().end(1006)
    }
    await vi.advanceTimersByTimeAsync(5_000)
    expect(states.at(-1)).toBe('not-found')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('what is told', () => {
  it('is told once: repeated lines of a room, and older versions of a notification, are dropped', async () => {
    const told: UserEvent[] = []
    const wiring = { address: async () => 'ws://own', renewSession: async () => true, onClosed: vi.fn() }
    const connection = openUserSocket(wiring, { onEvent: (event) => told.push(event) })
    await vi.advanceTimersByTimeAsync(0)
    newest().open()
    const line = (roomId: string, seq: number) => ({ event: 'message:deleted', seq, data: { roomId, messageId: 'm' } })
    newest().say(line('a', 1), line('a', 2), line('b', 1), line('a', 2))
    newest().say(line('a', 1), line('a', 3), { event: 'user:ready', data: {} })
    for (const version of [2, 1, 3]) newest().say({ event: 'notification:new', data: { id: 'n', version } })
    newest().dispatchEvent(Object.assign(new Event('message'), { data: 'no frame at all' }))
    newest().say({ event: 'room:joined', data: { roomId: 'c' } })
    const facts = told.map((event) => ('seq' in event ? `${event.roomId}${event.seq}` : event.event))
    expect(facts).toEqual(['a1', 'a2', 'b1', 'a3', 'notification:new', 'notification:new', 'room:joined'])
    connection.close()
    expect(wiring.onClosed).toHaveBeenCalledOnce()
  })

  it('without one of its numbers is not told: the room is asked anew for what came after the last', async () => {
    const told: unknown[] = []
    const asked: (number | null)[] = []
    const wiring = {
      address: async (since: number | null) => {
        asked.push(since)
        return 'ws://room'
      },
      probe: async () => {},
      renewSession: async () => true,
      loadNewest: () => Promise.reject(new Error('not asked for')),
      onClosed: vi.fn(),
    }
    const room = new RoomSocket(wiring, {
      since: 4,
      onEvent: (event) => told.push('seq' in event ? event.seq : 'ready'),
    })
    const line = (seq: number) => ({ event: 'message:deleted', seq, data: { messageId: 'm' } })
    await vi.advanceTimersByTimeAsync(0)
    newest().open()
    newest().say(line(6), { event: 'room:ready', data: { seq: 7 } })
    newest().say(line(8), line(10), line(11))
    await vi.advanceTimersByTimeAsync(1_000)
    newest().open()
    newest().say(line(8), line(9), line(11), { event: 'room:ready', data: { seq: 11 } })
    expect(told).toEqual([6, 'ready', 8, 9, 11, 'ready'])
    expect(asked).toEqual([4, 8])
    room.close()
    expect(wiring.onClosed).toHaveBeenCalledOnce()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('commands that wait', () => {
  it('go out in order again, after a lost connection and after a refusal that asks for a moment', async () => {
    const sent: string[] = []
    const overdue = vi.fn()
    const outbox = new Outbox((frame) => sent.push(JSON.parse(frame).id) > 0, overdue)
    const answers = ['a', 'b', 'c'].map((id) => outbox.add(id, 'message:send', { content: id }))
    outbox.open()
    outbox.acknowledge('a', { message: 1 })
    outbox.refuse('b', { code: 'RATE_LIMITED', retryAfterSeconds: 1 })
    void outbox.add('d', 'message:send', { content: 'd' }).catch(() => {})
    expect(sent.splice(0)).toEqual(['a', 'b', 'c'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(sent.splice(0)).toEqual(['b', 'c', 'd'])
    outbox.pause()
    outbox.open()
    expect(sent.splice(0)).toEqual(['b', 'c', 'd'])
    outbox.refuse('b', { code: 'RATE_LIMITED', retryAfterSeconds: 60 })
    await expect(answers[1]).rejects.toMatchObject({ code: 'RATE_LIMITED', status: 429, retryAfterSeconds: 60 })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(overdue).toHaveBeenCalledOnce()
    outbox.giveUp()
    await expect(answers[2]).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await expect(answers[0]).resolves.toEqual({ message: 1 })
  })
})
