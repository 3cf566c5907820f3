import { describe, expect, it, vi } from 'vitest'
import { calledNames } from '../../../src/features/chat/domain/room-rules.ts'
import { createApi } from '../../support/api.ts'
import { inRoom, makeGroup } from '../../support/groups.ts'
import { makePerson, type TestPerson } from '../../support/people.ts'

const api = createApi()
/** Rooms tell the list and the bell at most every two seconds: tests wait for that together, and for each other. */
const SIDE_BY_SIDE = { timeout: 60_000 }

describe('the names that a text calls', () => {
  it.each([
    ['@ann_1 and (@bob), @ann_1 again', ['ann_1', 'bob']],
    ['@Ann is @ANN', ['ann']],
    ['thanks @bob. @cleo!', ['bob', 'cleo']],
    ['日本語@ann、@bobさん', ['ann', 'bob']],
    ['mail ann@bob.test, andré@bob.test or ann.@bob', []],
    ['@bob@example.test lives elsewhere', []],
    ['@al is too short, @bobé is somebody else', []],
    [
      Array.from({ length: 25 }, (_, n) => `@person_${n}`).join(' '),
      Array.from({ length: 20 }, (_, n) => `person_${n}`),
    ],
  ])('are those after an @ that stand by themselves: %j', (text, names) => {
    expect(calledNames(text)).toEqual(names)
  })
})

describe.concurrent('a mention', SIDE_BY_SIDE, () => {
  const listedMentions = (person: TestPerson, roomId: string, mentionCount: number) =>
    vi.waitFor(async () => expect(await inRoom(api, person, roomId).listed()).toMatchObject({ mentionCount }), {
      timeout: 10_000,
      interval: 50,
    })

  it('is of members, not of strangers, nor of oneself', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const stranger = await makePerson(api.isolate)
    const names = [owner, moderator, stranger].map(({ username }) => `@${username}`)
    const { id, mentions } = await inRoom(api, owner, room.id).say(names.join(' '))
    expect(mentions).toEqual([{ id: moderator.id, username: moderator.username }])
    expect((await inRoom(api, member, room.id).look(id)).body.data.mentions).toEqual(mentions)
    await inRoom(api, moderator, room.id).leave()
    expect(await inRoom(api, owner, room.id).say(`@${moderator.username} has left`)).toMatchObject({ mentions: [] })
  })

  it('is counted for whom it calls until they have read it', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const author = inRoom(api, owner, room.id)
    await author.say(`@${member.username} one`)
    await author.say('nobody')
    const last = await author.say(`@${member.username} two`)
    await listedMentions(member, room.id, 2)
    expect(await inRoom(api, member, room.id).listed()).toMatchObject({ unreadCount: 3 })
    expect(await inRoom(api, moderator, room.id).listed()).toMatchObject({ mentionCount: 0, unreadCount: 3 })
    const { body } = await inRoom(api, member, room.id).markRead(last.seq - 1)
    expect(body.data).toEqual({ seq: last.seq - 1, unreadCount: 1, mentionCount: 1 })
    expect(await inRoom(api, member, room.id).listed()).toMatchObject({ mentionCount: 1, unreadCount: 1 })
    await inRoom(api, member, room.id).markRead()
    expect(await inRoom(api, member, room.id).listed()).toMatchObject({ mentionCount: 0, unreadCount: 0 })
  })

  it('comes and goes with an edit and goes with the message', async () => {
    const { owner, moderator, member, room } = await makeGroup(api)
    const author = inRoom(api, owner, room.id)
    const [edited, deleted] = [await author.say('hello'), await author.say(`@${member.username} bye`)]
    const { body } = await author.edit(edited.id, `hello @${moderator.username}`)
    expect(body.data.mentions).toEqual([{ id: moderator.id, username: moderator.username }])
    await listedMentions(moderator, room.id, 1)
    const counts = async (person: TestPerson) => (await inRoom(api, person, room.id).markRead(0)).body.data.mentionCount
    expect([await counts(moderator), await counts(member)]).toEqual([1, 1])
    await author.edit(edited.id, `hello @${member.username}`)
    await listedMentions(moderator, room.id, 0)
    expect([await counts(moderator), await counts(member)]).toEqual([0, 2])
    await listedMentions(member, room.id, 2)
    await author.remove(deleted.id)
    expect([await counts(moderator), await counts(member)]).toEqual([0, 1])
    await listedMentions(member, room.id, 1)
  })
})
