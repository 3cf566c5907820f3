import { describe, expect, it, vi } from 'vitest'
import { openDraft } from '../../../src/web/chat/conversation/drafts.ts'
import { createOutbox, MOST_KEPT, type Pending } from '../../../src/web/chat/conversation/outbox.ts'
import { memoryShelf, type Shelf } from '../../../src/web/chat/conversation/shelf.ts'
import { message } from './messages.ts'

const written = (id: string, roomId = 'room') => ({
  clientMessageId: id,
  roomId,
  content: id,
  replyTo: null,
  threadId: null,
  createdAt: '2026-05-04T12:00:00.000Z',
})
const ids = (entries: Pending[]) => entries.map(({ clientMessageId }) => clientMessageId)

/** Tabs of one browser: what one of them writes is told to the others. */
function browser() {
  const kept = new Map<string, string>()
  const tabs = new Set<(key: string | null) => void>()
  return {
    kept,
    openTab(userId = 'me') {
      let own: ((key: string | null) => void) | undefined
      const tell = (key: string) => {
        for (const tab of tabs) if (tab !== own) tab(key)
      }
      const shelf: Shelf = {
        ...memoryShelf(kept),
        get length() {
          return kept.size
        },
        setItem: (key, value) => {
          kept.set(key, value)
          tell(key)
        },
        removeItem: (key) => {
          kept.delete(key)
          tell(key)
        },
      }
      const onForeignChange = (listener: (key: string | null) => void) => {
        own = listener
        tabs.add(listener)
        return () => tabs.delete(listener)
      }
      return createOutbox({ userId, shelf, onForeignChange, now: () => 1_000 })
    },
  }
}

describe('the outbox', () => {
  it('has after a reload what was not sent, in the order of writing, and nothing of other people', () => {
    const { openTab } = browser()
    const before = openTab()
    for (const id of ['c', 'a', 'b']) before.add(written(id))
    expect(ids(before.state.value.entries)).toEqual(['c', 'a', 'b'])
    before.remove('a')
    before.change('c', { state: 'failed', problem: 'Muted' })
    expect(openTab().state.value.entries).toMatchObject([
      { clientMessageId: 'c', state: 'failed', problem: 'Muted' },
      { clientMessageId: 'b', state: 'sending' },
    ])
    expect(openTab('somebody else').state.value.entries).toEqual([])
  })

  it('is the same in all tabs of one person, and two that write at once lose nothing', () => {
    const { openTab } = browser()
    const [one, two] = [openTab(), openTab()]
    one.add(written('of-one'))
    two.add(written('of-two'))
    expect(ids(one.state.value.entries)).toEqual(ids(two.state.value.entries))
    two.change('of-two', { state: 'failed', problem: 'Muted' })
    two.remove('of-two')
    expect(ids(one.state.value.entries)).toEqual(['of-one'])
  })

  it('keeps what another tab has sent in its place until the message comes, or for a moment', () => {
    vi.useFakeTimers()
    const { openTab } = browser()
    const [one, two] = [openTab(), openTab()]
    for (const id of ['first', 'second']) one.add(written(id))
    for (const id of ['first', 'second']) one.remove(id)
    expect(ids(two.state.value.entries)).toEqual(['first', 'second'])
    // Its own socket has told it.
    two.remove('first')
    expect(ids(two.state.value.entries)).toEqual(['second'])
    vi.advanceTimersByTime(5_000)
    expect(ids(two.state.value.entries)).toEqual([])
    vi.useRealTimers()
  })

  it('does not bring back as refused what another tab has sent', () => {
    const { openTab, kept } = browser()
    const one = openTab()
    one.add(written('a'))
    const two = openTab()
    one.remove('a')
    two.change('a', { state: 'sending' })
    expect(kept.size).toBe(0)
    two.change('a', { state: 'failed', problem: 'Muted' })
    expect([kept.size, two.state.value.entries]).toEqual([0, []])
  })

  it('leaves nothing on the device once it is cleared', () => {
    const { openTab, kept } = browser()
    const [one, two] = [openTab(), openTab()]
    one.add(written('a'))
    two.add(written('b'))
    one.clear()
    expect([kept.size, one.state.value.entries.length]).toEqual([0, 0])
  })

  it('is bounded: what is beyond is still known to this page, and kept nowhere', () => {
    const { openTab, kept } = browser()
    const outbox = openTab()
    for (let n = 0; n < MOST_KEPT + 5; n += 1) outbox.add(written(`message-${n}`))
    expect([outbox.state.value.entries.length, kept.size]).toEqual([MOST_KEPT + 5, MOST_KEPT])
  })

  it('passes over what it cannot read', () => {
    const { openTab, kept } = browser()
    kept.set('selvage:outbox:me:x', '{"clientMessageId":1}')
    kept.set('selvage:outbox:me:y', 'nonsense')
    expect(openTab().state.value.entries).toEqual([])
  })
})

describe('a draft', () => {
  const alone = { onForeignChange: () => () => {}, isInUse: () => true }

  it('follows what another tab writes or sends, but not under the hands of the person, and an edit stays', () => {
    const shelf = memoryShelf()
    const wiring = { ...alone, shelf, userId: 'me', place: 'room' }
    let tell = (_: string | null) => {}
    let isInUse = false
    const one = openDraft(wiring)
    const two = openDraft({
      ...wiring,
      isInUse: () => isInUse,
      onForeignChange: (listener) => {
        tell = listener
        return () => {}
      },
    })
    one.write('written there')
    tell('selvage:draft:me:another room')
    expect(two.state.value.text).toBe('')
    tell('selvage:draft:me:room')
    expect(two.state.value.text).toBe('written there')
    two.edit(message(1))
    one.finish()
    tell('selvage:draft:me:room')
    expect(two.state.value.text).toBe('text 1')
    two.cancel()
    expect(two.state.value.text).toBe('')
    isInUse = true
    one.write('once more')
    tell(null)
    expect(two.state.value.text).toBe('')
  })

  it('is kept until it is sent; an edit does not touch it, and is not kept', () => {
    const shelf = memoryShelf()
    const wiring = { ...alone, shelf, userId: 'me', place: 'room' }
    const draft = openDraft(wiring)
    draft.write('half a tho')
    draft.edit(message(1))
    draft.write('text 1, corrected')
    expect(openDraft(wiring).state.value.text).toBe('half a tho')
    draft.finish()
    expect(draft.state.value).toEqual({ text: 'half a tho', mode: { kind: 'new' } })
    draft.finish()
    expect(openDraft(wiring).state.value.text).toBe('')
  })

  it('gets back the words of a refused edit, at once or when that message is edited again', () => {
    const draft = openDraft({ ...alone, shelf: memoryShelf(), userId: 'me', place: 'room' })
    const [first, second] = [message(1), message(2)]
    draft.edit(first)
    draft.finish()
    draft.refuse(first, 'a long correction')
    expect(draft.state.value).toEqual({ text: 'a long correction', mode: { kind: 'edit', message: first } })
    draft.edit(second)
    draft.finish()
    draft.write('something new')
    draft.refuse(second, 'another one')
    expect(draft.state.value).toEqual({ text: 'something new', mode: { kind: 'new' } })
    draft.edit(second)
    expect(draft.state.value.text).toBe('another one')
    draft.cancel()
    expect(draft.state.value.text).toBe('something new')
    draft.edit(second)
    expect(draft.state.value.text).toBe('text 2')
  })
})
