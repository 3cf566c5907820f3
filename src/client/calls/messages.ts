import type { ReportMessageBody, SendMessageBody } from '../api-types.ts'
import type { Call } from '../call.ts'
import { type CallSettings, dataOf, onePage, type PageRequest, pageOf, removed } from './shared.ts'

/** One place to begin at: a cursor, or a seq before or after which to read; without any it is the newest page. */
export interface HistoryRequest extends PageRequest {
  before?: number | undefined
  after?: number | undefined
}

const ROOM = '/v1/chat/rooms/{id}'
const MESSAGE = '/v1/chat/rooms/{id}/messages/{messageId}'
const REACTION = '/v1/chat/rooms/{id}/messages/{messageId}/reactions/{emoji}'

export function messageCalls(call: Call) {
  return {
    /** A page reads from old to new. `nextCursor` leads to older ones; after `after`, to newer ones. */
    list: (roomId: string, page: HistoryRequest = {}, settings?: CallSettings) =>
      pageOf(call('GET', `${ROOM}/messages`, { params: { id: roomId }, query: { ...page }, ...settings })),
    get: (roomId: string, messageId: string, settings?: CallSettings) =>
      dataOf(call('GET', MESSAGE, { params: { id: roomId, messageId }, ...settings })),
    /** With the same `clientMessageId` it is the same message, however often it is sent. */
    post: (roomId: string, body: SendMessageBody, settings?: CallSettings) =>
      dataOf(call('POST', `${ROOM}/messages`, { params: { id: roomId }, body, ...settings })),
    /** The newest first, fifty at most: always one page, whatever is asked for. */
    search: (roomId: string, { q }: PageRequest & { q: string }, settings?: CallSettings) =>
      onePage(call('GET', `${ROOM}/search`, { params: { id: roomId }, query: { q }, ...settings })),
    /** The newest pin first, fifty at most: always one page. */
    pins: (roomId: string, _page: PageRequest = {}, settings?: CallSettings) =>
      onePage(call('GET', `${ROOM}/pins`, { params: { id: roomId }, ...settings })),
    /** The answers to the message that a thread began with, oldest first. */
    thread: (roomId: string, messageId: string, page: PageRequest = {}, settings?: CallSettings) =>
      pageOf(call('GET', `${MESSAGE}/thread`, { params: { id: roomId, messageId }, query: { ...page }, ...settings })),
    reactors: (roomId: string, messageId: string, page: PageRequest = {}, settings?: CallSettings) =>
      pageOf(
        call('GET', `${MESSAGE}/reactions`, { params: { id: roomId, messageId }, query: { ...page }, ...settings }),
      ),
    edit: (roomId: string, messageId: string, content: string, settings?: CallSettings) =>
      dataOf(call('PATCH', MESSAGE, { params: { id: roomId, messageId }, body: { content }, ...settings })),
    remove: (roomId: string, messageId: string, settings?: CallSettings) =>
      removed(call('DELETE', MESSAGE, { params: { id: roomId, messageId }, ...settings })),
    react: (roomId: string, messageId: string, emoji: string, settings?: CallSettings) =>
      dataOf(call('PUT', REACTION, { params: { id: roomId, messageId, emoji }, ...settings })),
    unreact: (roomId: string, messageId: string, emoji: string, settings?: CallSettings) =>
      dataOf(call('DELETE', REACTION, { params: { id: roomId, messageId, emoji }, ...settings })),
    pin: (roomId: string, messageId: string, settings?: CallSettings) =>
      dataOf(call('PUT', `${MESSAGE}/pin`, { params: { id: roomId, messageId }, ...settings })),
    unpin: (roomId: string, messageId: string, settings?: CallSettings) =>
      dataOf(call('DELETE', `${MESSAGE}/pin`, { params: { id: roomId, messageId }, ...settings })),
    /** Before the moderators; a second report of one message is the first one. */
    report: (roomId: string, messageId: string, body: ReportMessageBody, settings?: CallSettings) =>
      dataOf(call('POST', `${MESSAGE}/reports`, { params: { id: roomId, messageId }, body, ...settings })),
  }
}
