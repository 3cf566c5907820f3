import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChatRoom } from '../../durable-objects/chat-room/index.ts'
import { ObjectInbox } from '../../durable-objects/shared/inbox.ts'
import { MeteredSql } from '../../durable-objects/shared/metered-sql.ts'
import { SocketSessions } from '../../durable-objects/user-socket/sessions.ts'
import { currentCall } from '../../src/platform/call.ts'
import { DAY_MS, MINUTE_MS } from '../../src/platform/clock.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { newId } from '../../src/platform/ids.ts'
import { upgradeRequest } from '../../src/platform/realtime/upgrade.ts'

/** A person with a session that has had a socket in one room. */
async function makeWatched() {
  const [userId, sessionId, eventId] = [newId(), newId(), newId()]
  const stub = env.USER_SOCKET.getByName(userId)
  const objectName = `room of ${userId}`
  await stub.admit(currentCall(), { sessionId, sessionExpiresAt: Date.now() + MINUTE_MS, objectName })
  const ended = { sessionIds: [sessionId], before: Date.now() }
  return {
    stub,
    userId,
    sessionId,
    deliver: (id = eventId) => stub.endSessions(currentCall(), ended, id),
    end: () => stub.endSessions(currentCall(), ended),
    /** How often its room was told. */
    effects: () => endInRoom.mock.calls.filter(([, of]) => of === userId).length,
  }
}

/** As far as the object can be cut off at a call: what came before stands, and the caller does not hear of it. */
function cutOff(): never {
  throw new Refusal('UNAVAILABLE', 'cut off')
}

let endInRoom = vi.spyOn(ChatRoom.prototype, 'endSessions')
beforeEach(() => {
  endInRoom = vi.spyOn(ChatRoom.prototype, 'endSessions')
})
afterEach(() => void vi.restoreAllMocks())

describe('the end of sessions', () => {
  it('that comes twice as one event has its effect once, and another event has its own (R28.7, R35.5)', async () => {
    const { deliver, effects } = await makeWatched()
    for (let n = 0; n < 3; n += 1) expect(await deliver()).toMatchObject({ ok: true })
    expect(effects()).toBe(1)
    await deliver(newId())
    expect(effects()).toBe(2)
  })

  it('is remembered while the object sleeps (R35.5)', async () => {
    const { deliver, effects, stub } = await makeWatched()
    await deliver()
    await evictDurableObject(stub)
    await deliver()
    expect(effects()).toBe(1)
  })

  it('closes nothing that was opened after the event was handled (R35.5)', async () => {
    const { deliver, stub, userId, sessionId } = await makeWatched()
    await deliver()
    // As after an hour: until then nothing of an ended session opens.
    await runInDurableObject(stub, (_instance, state) => void state.storage.sql.exec('delete from ended'))
    const caller = { userId, sessionId, username: 'ann', avatar: null, openedAt: Date.now() }
    const { webSocket } = await stub.fetch(upgradeRequest({ caller, since: null }))
    const closed = vi.fn()
    webSocket?.accept()
    webSocket?.addEventListener('close', closed)
    await deliver()
    const openNow = await runInDurableObject(stub, (_instance, state) =>
      state.getWebSockets().map(({ readyState }) => readyState),
    )
    expect([openNow, closed.mock.calls.length]).toEqual([[WebSocket.OPEN], 0])
    await deliver(newId())
    await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
  })

  it.each<[string, () => unknown, number]>([
    ['before it has done anything', () => vi.spyOn(SocketSessions.prototype, 'end').mockImplementationOnce(cutOff), 1],
    ['before it was marked', () => vi.spyOn(ObjectInbox.prototype, 'mark').mockImplementationOnce(cutOff), 2],
  ])(
    'that was cut off %s is ended by the next delivery, and the one after does nothing (R28.7, R35.5)',
    async (...row) => {
      const [, breakOnce, effectsInAll] = row
      const { deliver, effects } = await makeWatched()
      breakOnce()
      expect(await deliver()).toMatchObject({ ok: false })
      expect(await deliver()).toMatchObject({ ok: true })
      expect(effects()).toBe(effectsInAll)
      await deliver()
      expect(effects()).toBe(effectsInAll)
    },
  )

  it('that comes many times at once is done when any of them answers, and never again (R35.5)', async () => {
    const { deliver, effects } = await makeWatched()
    const together = Array.from({ length: 4 }, async () => {
      expect(await deliver()).toMatchObject({ ok: true })
      expect(effects()).toBeGreaterThan(0)
    })
    await Promise.all(together)
    // Those that had begun before the first was marked may each have done it: to close twice is to close.
    const during = effects()
    await Promise.all([deliver(), deliver()])
    expect(effects()).toBe(during)
  })

  it('that no event tells of is done each time: nothing could tell a repeat', async () => {
    const { end, effects } = await makeWatched()
    await end()
    await end()
    expect(effects()).toBe(2)
  })
})

describe('what an object has handled', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
  afterEach(() => void vi.useRealTimers())

  it('is known by the event’s id for three days, as long as a database knows it', async () => {
    const start = Date.now()
    await runInDurableObject(env.USER_SOCKET.getByName(newId()), (_instance, { storage }) => {
      const inbox = new ObjectInbox(new MeteredSql(storage.sql))
      expect(inbox.has('first')).toBe(false)
      inbox.mark('first')
      inbox.mark('first')
      expect([inbox.has('first'), inbox.has('second')]).toEqual([true, false])
      vi.setSystemTime(start + 3 * DAY_MS)
      inbox.mark('second')
      expect([inbox.has('first'), inbox.has('second')]).toEqual([true, true])
      vi.setSystemTime(start + 3 * DAY_MS + 1)
      inbox.mark('third')
      expect([inbox.has('first'), inbox.has('second')]).toEqual([false, true])
    })
  })
})
