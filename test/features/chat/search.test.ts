import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it, vi } from 'vitest'
import { createApi } from '../../support/api.ts'
import { inRoom } from '../../support/groups.ts'
import { makePerson } from '../../support/people.ts'
import { makePair } from '../../support/rooms.ts'

const api = createApi()

/** A room with these messages, found by one who did not write them. */
async function makeLibrary(texts: readonly string[]) {
  const { ann, bob, room, objectName } = await makePair(api)
  const author = inRoom(api, ann, room.id)
  const sent = []
  for (const text of texts) sent.push(await author.say(text))
  const find = async (text: string) => {
    const { status, body } = await inRoom(api, bob, room.id).search(text)
    expect(status).toBe(200)
    return body.data.map(({ content }) => content)
  }
  return { author, sent, find, room, objectName, stub: env.CHAT_ROOM.getByName(objectName) }
}

describe('searching a room', () => {
  it('finds a part of the text whatever its case, newest first, with the sender (R13.31, R13.41)', async () => {
    const { ann, bob, room } = await makePair(api)
    const author = inRoom(api, ann, room.id)
    for (const text of ['The NEEDLE of Zürich', 'hay', 'two needles']) await author.say(text)
    const { body } = await inRoom(api, bob, room.id).search('  nEEdl ')
    expect(body.data.map(({ content }) => content)).toEqual(['two needles', 'The NEEDLE of Zürich'])
    expect(body.data[0]?.sender).toEqual({ id: ann.id, username: ann.username, avatar: null })
    expect((await inRoom(api, bob, room.id).search('ZÜRICH')).body.data).toHaveLength(1)
    expect((await inRoom(api, bob, room.id).search('of zü')).body.data).toHaveLength(1)
  })

  it.each([
    ['100%', ['100% wool', '1000 sheep']],
    ['a_b', ['a_b', 'axb']],
    ['say "hi"', ['they say "hi"', 'they say hi']],
    ["it's", ["it's", 'its']],
    ['wool OR silk', ['wool OR silk', 'wool', 'silk']],
    ['wool*', ['wool* is a pattern', 'woollen']],
    ['content:wool', ['content:wool', 'wool']],
    ['^wool', ['the ^wool', 'wool']],
    ['NEAR(a b)', ['NEAR(a b)', 'a b']],
    ['-- ;', ['end -- ; of it', 'end of it']],
    ['a\\b', ['a\\b', 'ab']],
    ['(((', ['what (((', 'what']],
    ['%_', ['a %_ b', 'a b']],
  ])('takes every character for itself: %s (R13.31)', async (text, [match = '', ...others]) => {
    const { find } = await makeLibrary([match, ...others])
    expect(await find(text)).toEqual([match])
  })

  it.each(['no', 'ö!', '日本', '👍👍'])('finds two characters, too: %s (R13.31)', async (text) => {
    const { find } = await makeLibrary([`before ${text.toUpperCase()} after`, 'else'])
    expect(await find(text)).toEqual([`before ${text.toUpperCase()} after`])
  })

  it.each(['', ' ', 'x', ' x ', 'x'.repeat(101)])(
    'needs two to a hundred characters: not %j (R13.31)',
    async (text) => {
      const { ann, room } = await makePair(api)
      expect((await inRoom(api, ann, room.id).search(text)).status).toBe(400)
      expect((await api.as(ann).get(`/v1/chat/rooms/${room.id}/search`)).status).toBe(400)
    },
  )

  it('takes no character that ends strings in the database, and no message has one (R13.31, R13.14)', async () => {
    const { ann, room } = await makePair(api)
    for (const text of ['nul\0', 'nul\0cha', 'n\0', '\0\0']) {
      expect((await inRoom(api, ann, room.id).search(text)).status).toBe(400)
      expect((await inRoom(api, ann, room.id).post(text)).status).toBe(400)
    }
  })

  it('finds what came a moment ago, and also what is already in the index (R13.31)', async () => {
    const { author, find, stub } = await makeLibrary(['needle one'])
    // The alarm indexes, whoever lets it ring.
    await vi.waitFor(async () => {
      await runDurableObjectAlarm(stub)
      const { indexed_seq } = await runInDurableObject(stub, (_room, { storage }) =>
        storage.sql.exec('select indexed_seq from room').one(),
      )
      expect(indexed_seq).toBe(1)
    })
    await author.say('needle two')
    expect(await find('needle')).toEqual(['needle two', 'needle one'])
  })

  it('finds an edited message by its new text only, a deleted one not at all (R13.31)', async () => {
    for (const inIndex of [false, true]) {
      const { author, sent, find } = await makeLibrary(['the old words', 'words that go'])
      if (inIndex) expect(await find('words')).toHaveLength(2)
      await author.edit(String(sent[0]?.id), 'the new words')
      await author.remove(String(sent[1]?.id))
      expect(await find('old')).toEqual([])
      expect(await find('that go')).toEqual([])
      expect(await find('ol')).toEqual([])
      expect(await find('words')).toEqual(['the new words'])
    }
  })

  it('answers fifty at most, the newest (R13.31)', async () => {
    const { ann, room, objectName } = await makePair(api)
    await inRoom(api, ann, room.id).say('needle 0')
    await runInDurableObject(env.CHAT_ROOM.getByName(objectName), (_room, { storage }) => {
      storage.sql.exec(
        `insert into messages (seq, id, author_id, type, content, created_at, ordinal, change_seq)
         select value + 1, printf('01a2057f-370f-7de4-bac3-%012d', value), ?1, 'text', 'needle ' || value, 0, value + 1, value + 1
         from json_each(?2)`,
        ann.id,
        JSON.stringify(Array.from({ length: 1_200 }, (_, n) => n + 1)),
      )
    })
    for (const text of ['needle', 'ne']) {
      const found = (await inRoom(api, ann, room.id).search(text)).body.data
      expect(found.map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, n) => 1_201 - n))
    }
  })

  it('is for members, and finds nothing of other rooms (R13.41)', async () => {
    const { room } = await makeLibrary(['needle'])
    const { find } = await makeLibrary(['hay'])
    expect(await find('needle')).toEqual([])
    const stranger = await makePerson(api.isolate)
    expect((await inRoom(api, stranger, room.id).search('needle')).status).toBe(404)
  })
})
