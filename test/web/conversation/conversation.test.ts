import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { RoomEvent } from '../../../src/client/index.ts'
import { shownStretch } from '../../../src/web/chat/conversation/history.ts'
import { seqToJumpTo } from '../../../src/web/chat/conversation/jump.ts'
import { fakeRoom, roomOf } from './fake-room.ts'
import { ME, message, ROOM } from './messages.ts'

async function entered(size: number) {
  const room = fakeRoom(size)
  room.conversation.enter()
  await vi.waitFor(() => expect(room.conversation.state.value.status).toBe('ready'))
  const seqs = () => shownStretch(room.conversation.state.value.history).messages.map(({ seq }) => seq)
  return { ...room, seqs }
}

describe('a conversation', () => {
  it('can load earlier messages again after the first one was deleted while they were on their way', async () => {
    const { conversation, tell, hold, seqs } = await entered(100)
    const release = hold()
    const loading = conversation.loadOlder()
    tell({ event: 'message:deleted', seq: 101, data: { roomId: ROOM, messageId: 'm61' } })
    release()
    await loading
    expect(conversation.state.value.older).toBe('idle')
    await conversation.loadOlder()
    expect(seqs()[0]).toBe(22)
  })

  it('keeps nothing as not sent that the room has when it is told anew', async () => {
    const { conversation, outbox, reset } = await entered(3)
    for (const content of ['one', 'two']) conversation.send(content)
    const [one] = outbox.state.value.entries
    if (!one) throw new Error('Nothing waits')
    outbox.change(one.clientMessageId, { state: 'failed', problem: 'Muted' })
    reset([message(4, { by: ME, clientMessageId: one.clientMessageId })])
    expect(outbox.state.value.entries.map(({ content }) => content)).toEqual(['two'])
  })

  it('learns the room anew with its newest messages, and leaves the reader of old ones where they are', async () => {
    const { conversation, change, hold, tell, reset, seqs } = await entered(200)
    await conversation.jumpTo(30)
    const before = seqs()
    change({ lastSeq: 320, own: { ...roomOf().own, role: 'moderator', readSeq: 7 } })
    const release = hold()
    reset([message(320)])
    expect(seqs()).toEqual(before)
    const joined = { roomId: ROOM, userId: 'bob', username: 'bob' }
    tell({ event: 'room:user-joined', seq: 321, data: joined } as RoomEvent)
    release()
    await vi.waitFor(() => expect(conversation.state.value.room?.own.role).toBe('moderator'))
    expect(conversation.state.value.room?.members.map(({ id }) => id)).toEqual(['bob'])
    conversation.toNewest()
    expect(seqs()).toEqual([320])
  })

  it('ends where the reader went last, whichever answer comes first', async () => {
    const { conversation, hold, seqs } = await entered(400)
    const late = hold()
    const slow = conversation.jumpTo(30)
    const { target } = conversation.state.value
    conversation.toNewest()
    late()
    await slow
    expect([seqs().at(-1), conversation.state.value.target]).toEqual([400, target])
  })

  it('jumps by the same link again, and not because a panel opens or closes', () => {
    const link = { room: 'a', message: '7' }
    expect(seqToJumpTo(null, link)).toBe(7)
    expect(seqToJumpTo(link, { ...link })).toBe(7)
    expect(seqToJumpTo(link, { ...link, panel: 'pins' })).toBeNull()
    expect(seqToJumpTo({ ...link, panel: 'pins' }, link)).toBeNull()
    expect(seqToJumpTo({ ...link, panel: 'pins' }, { room: 'b', message: '7' })).toBe(7)
    expect(seqToJumpTo({ room: 'a' }, { room: 'a', message: 'x' })).toBeNull()
  })

  it('keeps the newest few hundred where the reader is at the end or leaves, and loads the others again', async () => {
    const { conversation, tell, seqs } = await entered(30)
    const arrive = (from: number, to: number) => {
      for (let seq = from; seq <= to; seq += 1) tell({ event: 'message:new', seq, data: message(seq) })
    }
    arrive(31, 400)
    conversation.seen()
    expect([seqs().length, seqs()[0]]).toEqual([400, 1])
    arrive(401, 410)
    conversation.seen()
    expect([seqs().length, seqs()[0]]).toEqual([300, 111])
    expect(conversation.state.value.history.live.hasOlder).toBe(true)
    await conversation.loadOlder()
    expect(seqs()[0]).toBe(71)
    conversation.leave()
    expect([seqs().length, seqs()[0]]).toEqual([300, 111])
  })

  it('lets its socket go on a hidden page once what was being sent then is sent', async () => {
    const { conversation, sends, isConnected } = await entered(3)
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    conversation.send('one')
    conversation.hide(true)
    await vi.advanceTimersByTimeAsync(11_000)
    expect(isConnected()).toBe(true)
    sends[0]?.resolve(message(4, { by: ME }))
    await vi.advanceTimersByTimeAsync(0)
    expect(isConnected()).toBe(false)
    conversation.hide(false)
    expect(isConnected()).toBe(true)
  })
})
