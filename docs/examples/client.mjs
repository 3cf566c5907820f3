// Two people chat over the typed client: node client.mjs ORIGIN EMAIL PASSWORD EMAIL PASSWORD
import { createClient } from 'selvage/client'

const [baseUrl, ...people] = process.argv.slice(2)

async function enter(email, password) {
  const client = createClient({ baseUrl, session: 'body' })
  await client.auth.login({ email, password })
  return client
}

const [maya, jonas] = await Promise.all([enter(...people.slice(0, 2)), enter(...people.slice(2))])
const { id, lastSeq } = await maya.rooms.openPrivate(jonas.user.id)

const answered = Promise.withResolvers()
const hear = ({ event, data }) => {
  if (event !== 'message:new') return // of reactions, typing, members and more, docs/client.md tells
  console.log(`${data.sender.username}: ${data.content}`)
  if (data.sender.id === jonas.user.id) answered.resolve()
}
const [hers, his] = [maya.openRoom(id, { since: lastSeq, onEvent: hear }), jonas.openRoom(id, { onEvent: () => {} })]
await hers.send('Is the loom running?') // resolves when it is stored, whatever becomes of the connection
await his.send('Since this morning.')
await answered.promise
for (const client of [maya, jonas]) client.close() // and the program ends
