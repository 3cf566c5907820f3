import { describe, expect, it } from 'vitest'
import type { Client, Message, RoomEvent } from '../../../src/client/index.ts'
import { openThread } from '../../../src/web/chat/conversation/thread-store.ts'
import { ME, message, ROOM } from './messages.ts'

const answer = (seq: number, change: Partial<Message> & { by?: string } = {}) =>
  message(seq, { threadId: 'm1', ...change })
const told = (data: Message): RoomEvent => ({ event: 'message:new', seq: data.seq, data })

/** A thread of `size` answers, of which a page has two. */
function threadOf(size: number) {
  const answers = Array.from({ length: size }, (_, at) => answer(at + 2))
  const messages = {
    get: async () => message(1),
    thread: async (_room: string, _root: string, { cursor }: { cursor?: string }) => {
      const from = Number(cursor ?? 0)
      return { items: answers.slice(from, from + 2), nextCursor: from + 2 < answers.length ? `${from + 2}` : null }
    },
  }
  const thread = openThread({ client: { messages } as object as Client, roomId: ROOM, rootId: 'm1', myId: ME })
  const seqs = () => thread.state.value.history.live.messages.map(({ seq }) => seq)
  return { thread, answers, seqs }
}

describe('a thread', () => {
  it('has the answer that came while it was loaded', async () => {
    const { thread, seqs } = threadOf(2)
    const loading = thread.load()
    thread.hear(told(answer(9)))
    await loading
    expect(seqs()).toEqual([2, 3, 9])
  })

  it('shows an answer that comes while pages are missing after those, and each once when they meet', async () => {
    const { thread, answers, seqs } = threadOf(5)
    await thread.load()
    const own = answer(7, { by: ME })
    answers.push(own)
    thread.hear(told(own))
    expect(thread.state.value.history.past?.messages.map(({ seq }) => seq)).toEqual([2, 3])
    expect(seqs()).toEqual([7])
    await thread.loadMore()
    await thread.loadMore()
    expect(thread.state.value).toMatchObject({ nextCursor: null, history: { past: null } })
    expect(seqs()).toEqual([2, 3, 4, 5, 6, 7])
  })
})
