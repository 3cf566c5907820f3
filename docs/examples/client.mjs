// Two people chat, over the typed client: node client.mjs ORIGIN EMAIL PASSWORD EMAIL PASSWORD
import { createClient } from 'selvage/client'

const [baseUrl, ...credentials] = process.argv.slice(2)

async function enter(email, password) {
  const client = createClient({ baseUrl, session: 'body' })
  const user = await client.auth.login({ email, password })
  return { client, user }
}

const [maya, jonas] = await Promise.all([enter(...credentials.slice(0, 2)), enter(...credentials.slice(2))])
const room = await maya.client.rooms.openPrivate(jonas.user.id)

const heard = Promise.withResolvers()
const onEvent = ({ event, data }) => event === 'message:new' && heard.resolve(data)
const his = jonas.client.openRoom(room.id, { since: room.lastSeq, onEvent })
const hers = maya.client.openRoom(room.id, { onEvent: ({ event }) => console.log('Maya hears', event) })

const sent = await hers.send('Is the loom running?') // resolves when it is stored, whatever becomes of the socket
console.log(`${(await heard.promise).sender.username}: ${(await heard.promise).content}`)
await his.command('reaction:add', { messageId: sent.id, emoji: '🧵' })
for (const { client } of [maya, jonas]) client.close() // and the program ends
