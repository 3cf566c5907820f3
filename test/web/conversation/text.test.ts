import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ApiError } from '../../../src/client/index.ts'
import { candidatesFor, completeMention, mentionAt } from '../../../src/web/chat/conversation/mentions.ts'
import { allowedFor } from '../../../src/web/chat/conversation/message-actions.ts'
import { loadProblemText, problemText } from '../../../src/web/chat/conversation/problem-text.ts'
import { readersOfLast, typingText, withReads } from '../../../src/web/chat/conversation/read-state.ts'
import { watchPeople } from '../../../src/web/chat/conversation/room-people.ts'
import { aroundMatch, isOnlyEmoji, matchesIn, partsOf } from '../../../src/web/chat/conversation/text-parts.ts'
import { silenceOf } from '../../../src/web/chat/conversation/writing-rules.ts'
import { isHidden } from '../../../src/web/people/blocks-store.ts'
import { ME, message, ROOM } from './messages.ts'

const parts = (text: string, ...names: string[]) =>
  partsOf(text, new Set(names)).map((part) => (part.kind === 'text' ? part.text : `[${part.kind} ${part.text}]`))

describe('the text of a message', () => {
  it.each([
    ['see https://a.example/x?y=1.', ['see ', '[link https://a.example/x?y=1]', '.']],
    ['(https://a.example/b_(c)) and', ['(', '[link https://a.example/b_(c)]', ') and']],
    ['javascript:alert(1) data:text/html,x', ['javascript:alert(1) data:text/html,x']],
    ['https://bank.example@evil.example/', ['https://bank.example@evil.example/']],
    ['http:// <b>&amp;</b>', ['http:// <b>&amp;</b>']],
  ])('makes links of web addresses only: %s', (text, expected) => {
    expect(parts(text)).toEqual(expected)
  })

  it('marks those it mentions, and neither addresses nor strangers', () => {
    expect(parts('@Ann_Lee, mail ann@ann_lee.example or @nobody', 'ann_lee')).toEqual([
      '[mention @Ann_Lee]',
      ', mail ann@ann_lee.example or @nobody',
    ])
  })

  it('keeps every character, in the pieces of a search too', () => {
    const text = 'Go (no-go)? go! GO'
    expect(
      matchesIn(text, 'go')
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
    expect(matchesIn(text, 'go').filter(({ kind }) => kind === 'match')).toHaveLength(4)
    expect(matchesIn('a.c abc', 'a.c').filter(({ kind }) => kind === 'match')).toHaveLength(1)
    expect(aroundMatch(`${'word '.repeat(60)}needle`, 'needle')).toMatch(/^….{0,66}needle$/)
  })

  it.each([
    ['🎉', true],
    ['👩‍👩‍👧 👍🏽 🇨🇭', true],
    ['7', false],
    ['ok 👍', false],
    ['', false],
  ])('is large where it is nothing but a few emoji: %s', (text, expected) => {
    expect(isOnlyEmoji(text)).toBe(expected)
  })
})

describe('mentioning', () => {
  const members = ['maya_rees', 'tomas_ek', 'ines_maro', 'amar'].map((username) => ({ id: username, username }))

  it('offers names for what stands before the caret, the likeliest first, and never oneself', () => {
    expect(mentionAt('hi @ma', 6)).toEqual({ start: 3, query: 'ma' })
    expect(mentionAt('a@ma', 4)).toBeNull()
    expect(mentionAt('@ma done', 8)).toBeNull()
    expect(candidatesFor(members, 'ma', 'x').map(({ id }) => id)).toEqual([
      'maya_rees',
      'ines_maro',
      'amar',
      'tomas_ek',
    ])
    expect(candidatesFor(members, 'maya', 'maya_rees')).toEqual([])
  })

  it('puts the name in, with one space after it, and the caret behind that', () => {
    expect(completeMention('hi @ma', 6, 'maya')).toEqual({ text: 'hi @maya ', caret: 9 })
    expect(completeMention('@m and more', 2, 'maya')).toEqual({ text: '@maya and more', caret: 6 })
  })
})

describe('who has read and who writes', () => {
  it('says who has read my last message, and a watermark never falls', () => {
    const reads = withReads(new Map([['bob', 7]]), [
      { userId: 'bob', seq: 3 },
      { userId: 'cara', seq: 2 },
      { userId: ME, seq: 9 },
    ])
    expect(readersOfLast([message(1), message(5, { by: ME })], reads, ME)).toEqual({ seq: 5, userIds: ['bob'] })
    expect(readersOfLast([message(5, { by: ME }), message(6)], reads, ME)).toBeNull()
  })

  it('knows by name whoever writes, also one who is no member here yet', () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const people = watchPeople()
    people.hear({ event: 'typing:start', data: { roomId: ROOM, userId: 'new', username: 'nina' } })
    expect(people.state.value.typing).toEqual([{ id: 'new', username: 'nina' }])
    vi.advanceTimersByTime(6_000)
    expect(people.state.value.typing).toEqual([])
  })

  it('names one or two, and several as such', () => {
    expect(typingText(['Ann'])).toBe('Ann is writing')
    expect(typingText(['Ann', 'Bob'])).toBe('Ann and Bob are writing')
    expect(typingText(['Ann', 'Bob', 'Cara'])).toBe('Several people are writing')
  })
})

describe('a failure in words', () => {
  const failure = (status: number, code: ApiError['code']) => new ApiError({ status, code, message: 'You are muted' })

  it('does not say that nothing was done where only the answer is missing', () => {
    expect(problemText(failure(0, 'NETWORK_ERROR'))).toBe('There is no connection. It may not have been done')
    expect(problemText(failure(0, 'TIMEOUT'))).toBe('No answer came. It may not have been done')
    expect(loadProblemText(failure(0, 'CONNECTION_LOST'))).toBe('No answer came')
    expect(problemText(failure(403, 'FORBIDDEN'))).toBe('You are muted')
    expect(problemText(new TypeError('x is not a function'))).toBe('Something went wrong')
  })
})

describe('the words of somebody who is blocked', () => {
  it('are hidden in groups, and shown between two', () => {
    const blocked = { ids: new Set(['ann']) }
    const hidden = (type: 'group' | 'private', by: string) => isHidden(blocked, { type }, by)
    expect([hidden('group', 'ann'), hidden('group', 'bob'), hidden('private', 'ann')]).toEqual([true, false, false])
  })
})

describe('who may write', () => {
  const room = (own: object, settings: object = {}) =>
    ({
      type: 'group',
      peer: null,
      own: { role: 'member', mutedUntil: null, ...own },
      settings: { whoPosts: 'members', slowModeSeconds: 0, ...settings },
    }) as unknown as Parameters<typeof silenceOf>[0]['room']
  const silence = (own: object, settings?: object, lastSentAt: number | null = null) =>
    silenceOf({ room: room(own, settings), blocked: new Set(), lastSentAt, now: 10_000 })

  it('is told why not, until when, and moderators are held back by muting alone', () => {
    expect(silence({})).toBeNull()
    expect(silence({ mutedUntil: new Date(60_000).toISOString() })).toEqual({ kind: 'muted', until: 60_000 })
    expect(silence({}, { whoPosts: 'moderators' })).toEqual({ kind: 'moderators' })
    expect(silence({}, { slowModeSeconds: 30 }, 5_000)).toEqual({ kind: 'slow', until: 35_000 })
    expect(silence({ role: 'moderator' }, { whoPosts: 'moderators', slowModeSeconds: 30 }, 5_000)).toBeNull()
  })

  it('may edit and delete their own, moderators delete and pin, and slow mode holds back new messages only', () => {
    const theirs = message(1)
    expect(allowedFor(theirs, room({}), ME, null)).toMatchObject({
      edit: false,
      remove: false,
      pin: false,
      report: true,
    })
    expect(allowedFor(theirs, room({ role: 'owner' }), ME, null)).toMatchObject({
      edit: false,
      remove: true,
      pin: true,
    })
    expect(allowedFor(message(2, { by: ME }), room({}), ME, { kind: 'moderators' })).toMatchObject({
      edit: false,
      remove: true,
      react: false,
    })
    expect(allowedFor(message(2, { by: ME }), room({}), ME, { kind: 'slow', until: 1 }).edit).toBe(true)
  })
})
