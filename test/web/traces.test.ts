import { describe, expect, it } from 'vitest'
import { openDraft } from '../../src/web/chat/conversation/drafts.ts'
import { createOutbox } from '../../src/web/chat/conversation/outbox.ts'
import { rememberEmoji } from '../../src/web/chat/conversation/recent-emoji.ts'
import { memoryShelf, type Shelf } from '../../src/web/chat/conversation/shelf.ts'
import { clearTraces } from '../../src/web/traces.ts'

const ANNA = '0190a0b0-0000-7000-8000-00000000000a'
const BEN = '0190a0b0-0000-7000-8000-00000000000b'
const OF_THE_DEVICE = ['selvage:theme', 'somebody-elses:tool']

/** Writes one of each kind of key that the pages have. */
function use(shelf: Shelf, userId: string): void {
  const onForeignChange = () => () => {}
  openDraft({ shelf, userId, place: `room:${ANNA}`, onForeignChange, isInUse: () => true }).write('Hello')
  createOutbox({ userId, shelf, onForeignChange }).add({
    clientMessageId: 'one',
    roomId: 'room',
    content: 'Hello',
    replyTo: null,
    threadId: null,
    createdAt: '2026-05-04T12:00:00.000Z',
  })
  rememberEmoji(shelf, userId, '🎉')
  shelf.setItem(`selvage-muted-${userId}`, '["room"]')
}

describe('what is kept in a browser', () => {
  const usedByTwo = () => {
    const kept = new Map(OF_THE_DEVICE.map((key) => [key, 'dark']))
    const shelf = memoryShelf(kept)
    for (const userId of [ANNA, BEN]) use(shelf, userId)
    return { kept, shelf }
  }
  const owners = (kept: Map<string, string>) =>
    [...kept.keys()]
      .filter((key) => !OF_THE_DEVICE.includes(key))
      .map((key) => (key.replace(`room:${ANNA}`, '').includes(ANNA) ? 'anna' : 'ben'))

  it('is without a trace of a person who leaves, and whole for the others and the device', () => {
    const { kept, shelf } = usedByTwo()
    clearTraces(shelf, { of: ANNA })
    expect(owners(kept)).toEqual(['ben', 'ben', 'ben', 'ben'])
    expect([...kept.keys()]).toEqual(expect.arrayContaining(OF_THE_DEVICE))
  })

  it('is without a trace of others once somebody enters', () => {
    const { kept, shelf } = usedByTwo()
    clearTraces(shelf, { notOf: ANNA })
    expect(owners(kept)).toEqual(['anna', 'anna', 'anna', 'anna'])
    expect([...kept.keys()]).toEqual(expect.arrayContaining(OF_THE_DEVICE))
  })
})
