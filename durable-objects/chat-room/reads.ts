import { isModerator } from '../../src/features/chat/domain/room-rules.ts'
import type { MemberPlaceOnWire, Question, Replies } from '../../src/features/chat/questions.ts'
import { isoTime } from '../../src/platform/clock.ts'
import { notFound, Refusal } from '../../src/platform/errors.ts'
import { demandMember } from './commands/effect.ts'
import { admissionOf } from './commands/joining.ts'
import { ownMembership } from './commands/settings.ts'
import { toInvite } from './invites.ts'
import { type Member, type MemberPlace, toRoomMember } from './members.ts'
import type { MessageRow } from './messages.ts'
import type { RoomParts } from './parts.ts'
import { MEMBERS_LISTED, settingsOf } from './room.ts'

type MemberQuestion = Exclude<Question, { kind: 'preview' }>

type Readers = {
  [K in MemberQuestion['kind']]: (
    parts: RoomParts,
    member: Member,
    question: Extract<Question, { kind: K }>,
  ) => Replies[K]
}

const READERS: Readers = {
  room: ({ room, log, members }, member) => ({
    lastSeq: log.lastSeq,
    memberCount: room.get().member_count,
    name: room.get().name,
    settings: settingsOf(room.get()),
    own: ownMembership(member),
    members: members.page(undefined, MEMBERS_LISTED - 1).map(toRoomMember),
  }),
  history: ({ messages, tallies }, member, { kind: _kind, countTo, ...page }) => ({
    messages: messages.viewAll(messages.page(page), member.user_id),
    total: countTo === undefined ? null : tallies.countAfter(0, countTo),
  }),
  message: (parts, member, { messageId }) =>
    view(parts, member, [fetchMessage(parts, messageId)])[0] as Replies['message'],
  thread: (parts, member, { messageId, after, limit }) => {
    // The answers stay when what they answer is deleted.
    const root = parts.messages.findRow(messageId)
    if (!root) throw notFound('Message')
    return view(parts, member, parts.messages.thread(root.seq, after, limit))
  },
  pins: (parts, member, { limit }) => view(parts, member, parts.messages.pinned(limit)),
  reactors: (parts, _member, { messageId, after, limit }) =>
    parts.messages.reactors(fetchMessage(parts, messageId).seq, after, limit),
  search: (parts, member, { text, limit }) => {
    // What has come since the last summary is not in the index yet.
    while (parts.search.catchUp());
    return view(parts, member, parts.search.find(text, limit))
  },
  members: ({ members }, _member, { after, limit }) => members.page(placeOf(after), limit).map(toRoomMember),
  bans: ({ members }, member, { after, limit }) => {
    if (!isModerator(member.role)) throw new Refusal('FORBIDDEN', 'Only moderators see who is banned')
    return members.banned(placeOf(after), limit).map((row) => ({
      userId: row.user_id,
      username: row.username,
      bannedBy: row.banned_by ?? row.user_id,
      reason: row.ban_reason,
      bannedAt: isoTime(row.banned_at ?? 0),
    }))
  },
  invites: ({ invites }, member) => {
    const rows = invites.list(Date.now())
    return (isModerator(member.role) ? rows : rows.filter((row) => row.created_by === member.user_id)).map(toInvite)
  },
}

/** What a member may know of the room. @throws Refusal for strangers, in the words of a room that is not there */
export function answer(parts: RoomParts, userId: string, question: Question): unknown {
  if (question.kind === 'preview') return preview(parts, userId, question.invite)
  const member = demandMember(parts, { userId })
  // Question and reader belong together by `kind`, which TypeScript does not follow through a table.
  const read = READERS[question.kind] as (parts: RoomParts, member: Member, question: Question) => unknown
  return read(parts, member, question)
}

/** Not before it is sure that they may come in. */
function preview(parts: RoomParts, userId: string, invite: string | undefined): Replies['preview'] {
  const { isMember } = admissionOf(parts, userId, invite)
  const row = parts.room.get()
  const { topic, joinPolicy } = settingsOf(row)
  return { name: row.name, topic, memberCount: row.member_count, joinPolicy, isMember }
}

function view({ messages }: RoomParts, member: Member, rows: readonly MessageRow[]) {
  return messages.viewAll(rows, member.user_id)
}

function fetchMessage({ messages }: RoomParts, id: string): MessageRow {
  const row = messages.find(id)
  if (!row) throw notFound('Message')
  return row
}

function placeOf(place: MemberPlaceOnWire | undefined): MemberPlace | undefined {
  return place && { joinedAt: place[0], userId: place[1] }
}
