import { createClient } from '../../../src/client/index.ts'
import type { SceneWorld } from '../support/world.ts'

/** Everything that a conversation can show, in one room. */
export function makeLoomRoom(world: SceneWorld): Promise<{ roomId: string; rootId: string }> {
  return world.make('loom room', async () => {
    const { maya, tomas } = world
    const [priya, jonas] = await Promise.all([world.client('priya'), world.client('jonas')])
    const memberIds = [tomas, priya, jonas].map(({ user }) => user?.id ?? '')
    const room = await maya.rooms.create({ name: 'Loom talk', memberIds, topic: 'Everything that hangs on a thread' })
    const { id } = room
    const root = await maya.messages.post(id, {
      content: 'Is anybody at the loom today? We need two metres of the ecru.',
    })
    await tomas.messages.post(id, { content: 'I am, since seven.\nThe shuttle sticks a little, apart from that: 🧵' })
    await tomas.messages.post(id, {
      content: 'The manual is at https://looms.example/manuals/model-12?page=4#shuttle (page 4).',
    })
    const first = await priya.messages.post(id, { content: 'I can bring oil', replyTo: root.id })
    await jonas.messages.post(id, {
      content: 'And I the small screwdriver. @maya do you have the key?',
      replyTo: first.id,
    })
    await maya.messages.post(id, { content: 'Always. @jonas meet me downstairs at nine?' })
    await jonas.messages.post(id, { content: '👍🎉' })
    const wrong = await tomas.messages.post(id, { content: 'It is 1.20 wide' })
    await tomas.messages.edit(id, wrong.id, 'It is 1.40 wide, I measured again')
    const gone = await jonas.messages.post(id, { content: 'Never mind' })
    await priya.messages.post(id, { content: 'Too late, I do mind', replyTo: gone.id })
    await jonas.messages.remove(id, gone.id)
    await priya.messages.post(id, {
      content: `Averylongwordthatnobodywouldwritebutsomebodyalwayspastes${'andon'.repeat(12)}`,
    })
    const last = await tomas.messages.post(id, { content: 'Fabric ships on Thursday, 40 metres, both colours.' })
    await maya.messages.pin(id, last.id)
    await maya.messages.pin(id, root.id)
    for (const [client, emoji] of [
      [tomas, '👍'],
      [priya, '👍'],
      [maya, '👍'],
      [jonas, '🧵'],
      [priya, '❤️'],
    ] as const) {
      await client.messages.react(id, root.id, emoji)
    }
    await jonas.messages.react(id, last.id, '🚀')
    await maya.messages.post(id, { content: 'Perfect, I tell the tailors.' })
    await Promise.all([tomas.rooms.markRead(id), priya.rooms.markRead(id), maya.rooms.markRead(id)])
    return { roomId: id, rootId: root.id }
  })
}

export function makeLongRoom(world: SceneWorld): Promise<{ roomId: string; oldSeq: number }> {
  return world.make('long room', async () => {
    const { maya, tomas } = world
    const room = await maya.rooms.create({ name: 'Picks', memberIds: [tomas.user?.id ?? ''] })
    const connection = tomas.openRoom(room.id, { onEvent: () => {} })
    const sent = await Promise.all(Array.from({ length: 90 }, (_, n) => connection.send(`Pick ${n} of the pattern`)))
    connection.close()
    await maya.rooms.markRead(room.id)
    return { roomId: room.id, oldSeq: sent[12]?.seq ?? 1 }
  })
}

/** Rooms in which there is less to do. */
export function makeQuietRooms(world: SceneWorld) {
  return world.make('quiet rooms', async () => {
    const { maya, tomas } = world
    const mayaId = maya.user?.id ?? ''
    const priya = await world.client('priya')
    const noise = createClient({ baseUrl: world.baseUrl, session: 'body' })
    const account = { email: 'zed.noise@selvage.test', password: 'Woven-edge-7', firstName: 'Zed', lastName: 'Noise' }
    const { id: noiseId } = await noise.auth.register(account)
    const create = (name: string, settings: object = {}) =>
      tomas.rooms.create({ name, memberIds: [mayaId, priya.user?.id ?? ''], ...settings })
    const [news, empty, muted, slow] = await Promise.all([
      create('Dye works'),
      create('Attic'),
      create('Silent mill'),
      create('Slow lane', { slowModeSeconds: 600 }),
    ])
    await tomas.messages.post(news.id, { content: 'I read the gauges every morning.' })
    await tomas.messages.post(muted.id, { content: 'Quiet, please, while we count.' })
    await tomas.messages.post(slow.id, { content: 'One word an hour is enough here.' })
    await tomas.rooms.mute(muted.id, mayaId, 60 * 24 * 30)
    const folded = await tomas.rooms.create({ name: 'Corner shop', memberIds: [mayaId, noiseId] })
    await tomas.messages.post(folded.id, { content: 'Who takes the night shift?' })
    await noise.messages.post(folded.id, { content: 'NOT ME!!! Never!!!' })
    await maya.people.block(noiseId)
    return { news: news.id, empty: empty.id, muted: muted.id, slow: slow.id, folded: folded.id }
  })
}
