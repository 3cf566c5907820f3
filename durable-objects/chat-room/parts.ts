import type { MeteredSql } from '../shared/metered-sql.ts'
import { ObjectOutbox } from '../shared/outbox.ts'
import { RoomBlocks } from './blocks.ts'
import { Invites } from './invites.ts'
import { RoomLog } from './log.ts'
import { RoomMembers } from './members.ts'
import { MessageEdits } from './message-edits.ts'
import { MessageTallies } from './message-tallies.ts'
import { Messages } from './messages.ts'
import { RoomRecord } from './room.ts'
import { SearchIndex } from './search.ts'
import { Watermarks } from './watermarks.ts'

/** What a room is made of: the modules over its tables, which commands and summaries work with. */
export interface RoomParts {
  room: RoomRecord
  members: RoomMembers
  watermarks: Watermarks
  messages: Messages
  tallies: MessageTallies
  edits: MessageEdits
  log: RoomLog
  invites: Invites
  blocks: RoomBlocks
  search: SearchIndex
  outbox: ObjectOutbox
}

export function openParts(sql: MeteredSql): RoomParts {
  const room = new RoomRecord(sql)
  const members = new RoomMembers(sql)
  const watermarks = new Watermarks(sql)
  const messages = new Messages(sql, () => room.get())
  const tallies = new MessageTallies(sql, () => room.get())
  const log = new RoomLog(sql, { messages, tallies, members, watermarks })
  const search = new SearchIndex(sql, room, messages)
  return {
    room,
    members,
    watermarks,
    messages,
    tallies,
    edits: new MessageEdits(sql),
    log,
    search,
    invites: new Invites(sql),
    blocks: new RoomBlocks(sql),
    outbox: new ObjectOutbox(sql),
  }
}

/** After a transaction that was undone: what memory has of it is undone too. */
export function recoverParts({ room, log }: RoomParts): void {
  room.recover()
  log.recover()
}
