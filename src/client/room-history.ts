import type { Page, PageRequest } from './calls.ts'
import type { Message } from './types.ts'

export type LoadMessages = (page: PageRequest) => Promise<Page<Message>>

export type Missed =
  /** Every message in the gap, oldest first. */
  | { kind: 'all'; messages: Message[] }
  /** Too many: the newest page, to start over from. */
  | { kind: 'too-many'; newest: Page<Message> }

const PAGE_SIZE = 100
const MOST_PAGES = 10

/** The messages after `since` up to `until`, read backwards from the newest. */
export async function loadMissed(load: LoadMessages, since: number, until: number): Promise<Missed> {
  const newest = await load({ limit: PAGE_SIZE })
  let page = newest
  let messages = page.items
  for (let pages = 1; page.nextCursor !== null && (page.items[0]?.seq ?? 0) > since + 1; pages++) {
    if (pages === MOST_PAGES) return { kind: 'too-many', newest }
    page = await load({ limit: PAGE_SIZE, cursor: page.nextCursor })
    messages = [...page.items, ...messages]
  }
  return { kind: 'all', messages: messages.filter(({ seq }) => seq > since && seq <= until) }
}
