import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/features/chat/message-schemas.ts'
import type { Body } from '../../support/api.ts'
import { createApi } from '../../support/api.ts'
import { inRoom } from '../../support/groups.ts'
import { makePair } from '../../support/rooms.ts'
import { openRoom } from '../../support/sockets.ts'

const api = createApi()

/** A private room with messages 1 to `count`, and what one of its people sees of it. */
async function makeHistory(count: number) {
  const { ann, bob, room } = await makePair(api)
  const socket = await openRoom(api, ann, room.id)
  for (let n = 1; n <= count; n += 1) socket.send('message:send', { content: `message ${n}` }, n)
  await socket.ack(count)
  socket.close()
  return { author: inRoom(api, ann, room.id), reader: inRoom(api, bob, room.id), room }
}

const seqs = ({ data }: Body<Message[]>) => data.map(({ seq }) => seq)

describe('a room’s history', () => {
  it('is the newest fifty where nothing else is said, oldest first (R13.29, R13.39)', async () => {
    const { reader } = await makeHistory(53)
    const { status, body } = await reader.history()
    expect(status).toBe(200)
    expect(seqs(body)).toEqual(Array.from({ length: 50 }, (_, i) => i + 4))
    expect(body.meta).toMatchObject({ page: 1, limit: 50, total: 53, totalPages: 2, hasNextPage: true })
  })

  it('goes by page numbers with exact totals, deleted messages left out (R13.29, R13.39)', async () => {
    const { author, reader } = await makeHistory(8)
    const all = (await reader.history()).body.data
    await author.remove(String(all[6]?.id))
    const page = async (n: number) => (await reader.history(`?page=${n}&limit=3`)).body
    expect(seqs(await page(1))).toEqual([5, 6, 8])
    expect(seqs(await page(2))).toEqual([2, 3, 4])
    const last = await page(3)
    expect(seqs(last)).toEqual([1])
    expect(last.meta).toMatchObject({
      page: 3,
      limit: 3,
      total: 7,
      totalIsExact: true,
      totalPages: 3,
      hasNextPage: false,
      hasPrevPage: true,
    })
    const beyond = await page(4)
    expect([beyond.data, beyond.meta.total]).toEqual([[], 7])
  })

  it('goes back by cursor without repeating or leaving out one while messages come and go (R13.29)', async () => {
    const { author, reader } = await makeHistory(9)
    const first = (await reader.history('?limit=3')).body
    expect(seqs(first)).toEqual([7, 8, 9])
    await author.say('comes between')
    await author.remove(String(first.data[0]?.id))
    const second = (await reader.history(`?limit=3&cursor=${first.meta.nextCursor}`)).body
    expect(seqs(second)).toEqual([4, 5, 6])
    expect(second.meta).toMatchObject({ limit: 3, nextCursor: expect.any(String), hasNextPage: true })
    expect(second.meta).not.toHaveProperty('total')
    await author.say('and again')
    const third = (await reader.history(`?limit=3&cursor=${second.meta.nextCursor}`)).body
    expect([seqs(third), third.meta.nextCursor]).toEqual([[1, 2, 3], null])
  })

  it('begins before a seq and goes back from there (R13.29)', async () => {
    const { reader } = await makeHistory(7)
    const first = (await reader.history('?before=6&limit=3')).body
    expect(seqs(first)).toEqual([3, 4, 5])
    expect(seqs((await reader.history(`?limit=3&cursor=${first.meta.nextCursor}`)).body)).toEqual([1, 2])
    expect(seqs((await reader.history('?before=1')).body)).toEqual([])
    expect(seqs((await reader.history('?before=999999')).body)).toHaveLength(7)
  })

  it('begins after a seq and goes on to what is newer, as it comes (R13.29)', async () => {
    const { author, reader } = await makeHistory(6)
    const first = (await reader.history('?after=1&limit=3')).body
    expect(seqs(first)).toEqual([2, 3, 4])
    await author.say('seventh')
    const second = (await reader.history(`?limit=3&cursor=${first.meta.nextCursor}`)).body
    expect(seqs(second)).toEqual([5, 6, 7])
    expect(second.meta).toMatchObject({ nextCursor: null, hasNextPage: false })
    expect(seqs((await reader.history('?after=7')).body)).toEqual([])
    expect(seqs((await reader.history('?after=0&limit=1')).body)).toEqual([1])
  })

  it.each([
    'page=1&before=3',
    'before=3&after=1',
    'after=0&page=2',
    'page=0',
    'limit=101',
    'before=-1',
    'page=200&limit=100',
  ])('takes one way at a time, within bounds: not %s (R13.29)', async (query) => {
    const { reader } = await makeHistory(1)
    expect((await reader.history(`?${query}`)).status).toBe(400)
  })

  it('shows a message as it is now, with a public sender (R13.30, R13.2)', async () => {
    const { author, reader, room } = await makeHistory(2)
    const [first] = (await reader.history()).body.data
    await author.edit(String(first?.id), 'changed')
    const { body } = await reader.look(String(first?.id))
    expect(body.data).toEqual((await reader.history()).body.data[0])
    expect(body.data).toMatchObject({ content: 'changed', seq: 1, changeSeq: 3, roomId: room.id, isEdited: true })
    expect(Object.keys(body.data.sender).toSorted()).toEqual(['avatar', 'id', 'username'])
  })
})
