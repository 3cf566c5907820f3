import { describe, expect, it } from 'vitest'
import { withChanges } from '../../../src/web/chat/conversation/changes.ts'
import {
  addNewer,
  addOlder,
  applyChange,
  arrive,
  EMPTY_HISTORY,
  type History,
  shownStretch,
} from '../../../src/web/chat/conversation/history.ts'
import { rowsOf } from '../../../src/web/chat/conversation/message-rows.ts'
import { ME, message, ROOM } from './messages.ts'

const live = (...seqs: number[]): History => ({
  live: { messages: seqs.map((seq) => message(seq)), hasOlder: true },
  past: null,
})
const seqs = (history: History) => shownStretch(history).messages.map(({ seq }) => seq)

describe('the history of a conversation', () => {
  it('keeps each message once and in order, however often and late it is told', () => {
    let history = live(5, 6)
    for (const seq of [8, 6, 7, 8]) history = arrive(history, message(seq))
    expect(seqs(addOlder(history, [message(3), message(4), message(5)], false))).toEqual([3, 4, 5, 6, 7, 8])
  })

  it('shows an older stretch alone until its pages meet the newest one, and loses nothing that came meanwhile', () => {
    let history: History = { ...live(90, 91), past: { messages: [message(10), message(11)], hasOlder: true } }
    history = arrive(history, message(92))
    expect(seqs(history)).toEqual([10, 11])
    history = addNewer(history, [message(12), message(13)], true)
    expect(seqs(history)).toEqual([10, 11, 12, 13])
    history = addNewer(history, [message(89), message(90)], true)
    expect(history.past).toBeNull()
    expect(seqs(history)).toEqual([10, 11, 12, 13, 89, 90, 91, 92])
  })

  it('counts an answer at what its thread began with, once, and uncounts it when it is deleted', () => {
    const answer = message(3, { threadId: 'm1' })
    let history = arrive(arrive(live(1, 2), answer), answer)
    expect(history.live.messages[0]?.replyCount).toBe(1)
    const gone = { event: 'message:deleted', seq: 4, data: { roomId: ROOM, messageId: 'm3' } } as const
    history = applyChange(history, gone, ME)
    expect(history.live.messages.map(({ replyCount }) => replyCount)).toEqual([0, 0])
  })

  it('keeps which reactions are mine through what is told to everybody alike, and an old view undoes no newer one', () => {
    const mine = message(1, { reactions: [{ emoji: '👍', count: 1, mine: true }] })
    let history: History = { live: { messages: [mine], hasOlder: false }, past: null }
    const reacted = { roomId: ROOM, messageId: 'm1', emoji: '👍', userId: 'ann', added: true, count: 2 }
    history = applyChange(history, { event: 'message:reaction', seq: 5, data: reacted }, ME)
    expect(history.live.messages[0]?.reactions).toEqual([{ emoji: '👍', count: 2, mine: true }])
    const edited = message(1, { changeSeq: 6, content: 'new', reactions: [{ emoji: '👍', count: 2 }] })
    history = applyChange(history, { event: 'message:edited', seq: 6, data: edited }, ME)
    history = applyChange(history, { event: 'message:edited', seq: 3, data: message(1, { changeSeq: 3 }) }, ME)
    expect(history.live.messages[0]).toMatchObject({ content: 'new', reactions: [{ count: 2, mine: true }] })
  })

  it('forgets in an answer what a deleted message had said', () => {
    const answer = message(2, { replyTo: { id: 'm1', seq: 1, senderId: 'ann', content: 'secret' } })
    const history = arrive(arrive(EMPTY_HISTORY, message(1)), answer)
    const gone = { event: 'message:deleted', seq: 3, data: { roomId: ROOM, messageId: 'm1' } } as const
    expect(applyChange(history, gone, ME).live.messages[0]?.replyTo?.content).toBeNull()
  })
})

describe('what was asked for and is not confirmed', () => {
  it('is shown at once, one on the other, and taking it back leaves what was there', () => {
    const known = [message(1, { by: ME, reactions: [{ emoji: '👍', count: 1, mine: true }] }), message(2)]
    const at = '2026-05-04T12:09:00.000Z'
    const changes = [
      { id: 1, messageId: 'm1', wish: { kind: 'edit', content: 'first', at } },
      { id: 2, messageId: 'm1', wish: { kind: 'react', emoji: '👍', added: false } },
      { id: 3, messageId: 'm1', wish: { kind: 'edit', content: 'second', at } },
      { id: 4, messageId: 'm2', wish: { kind: 'delete' } },
    ] as const
    expect(withChanges(known, changes)).toMatchObject([{ id: 'm1', content: 'second', isEdited: true, reactions: [] }])
    expect(withChanges(known, changes.slice(0, 1))).toMatchObject([
      { content: 'first', reactions: [{ mine: true }] },
      { id: 'm2' },
    ])
    expect(withChanges(known, [])).toBe(known)
  })
})

describe('the rows of a conversation', () => {
  it('group by author and time, break at days and at what is new, and end with what is on its way', () => {
    const messages = [message(1), message(2), message(3, { by: ME }), message(4), message(5), message(30)]
    const pending = [
      {
        clientMessageId: 'c1',
        roomId: ROOM,
        content: 'soon',
        replyTo: null,
        threadId: null,
        createdAt: '2026-05-05T12:00:00.000Z',
        order: 1,
        state: 'sending' as const,
        problem: null,
      },
    ]
    const rows = rowsOf({ messages, pending, myId: ME, seenUpTo: 4 })
    const drawn = rows.map((row) =>
      row.kind === 'message' ? `${row.key}${row.isFirst ? '<' : ''}${row.isLast ? '>' : ''}` : row.kind,
    )
    expect(drawn).toEqual(['day', 'm1<', 'm2>', 'm3<>', 'm4<>', 'new', 'm5<>', 'm30<>', 'day', 'c1<>'])
  })

  it('show once what the history has while its confirmation is still on its way', () => {
    const sent = message(2, { by: ME, clientMessageId: 'c1' })
    const entry = { clientMessageId: 'c1', roomId: ROOM, content: 'text 2', replyTo: null, threadId: null }
    const pending = [{ ...entry, createdAt: sent.createdAt, order: 1, state: 'sending' as const, problem: null }]
    expect(rowsOf({ messages: [sent], pending, myId: ME }).map(({ key }) => key)).toHaveLength(2)
  })

  it('draw no line where everything new is my own', () => {
    const messages = [message(1), message(2, { by: ME })]
    expect(rowsOf({ messages, pending: [], myId: ME, seenUpTo: 1 }).some(({ kind }) => kind === 'new')).toBe(false)
  })
})
