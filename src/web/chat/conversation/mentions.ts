/** An `@` and what follows it up to the caret. */
export interface MentionQuery {
  start: number
  query: string
}

interface Named {
  id: string
  username: string
}

const OPEN_MENTION = /(?:^|[^\w@.\p{L}-])@([a-z0-9_]{0,30})$/iu
const MOST_OFFERED = 6

/** What is being mentioned at the caret, if anything. */
export function mentionAt(text: string, caret: number): MentionQuery | null {
  const query = OPEN_MENTION.exec(text.slice(0, caret))?.[1]
  return query === undefined ? null : { start: caret - query.length - 1, query: query.toLowerCase() }
}

/** Who may be meant: names that begin with it, then those with a word that does, then those that have it anywhere. */
export function candidatesFor<T extends Named>(members: readonly T[], query: string, myId: string): T[] {
  const rank = ({ username }: Named): number => {
    const name = username.toLowerCase()
    if (name.startsWith(query)) return 0
    if (name.includes(`_${query}`)) return 1
    return name.includes(query) ? 2 : 3
  }
  return members
    .filter((member) => member.id !== myId && rank(member) < 3)
    .toSorted((a, b) => rank(a) - rank(b) || a.username.localeCompare(b.username))
    .slice(0, MOST_OFFERED)
}

/** The text with the name put in, and where the caret goes. */
export function completeMention(text: string, caret: number, username: string): { text: string; caret: number } {
  const start = mentionAt(text, caret)?.start ?? caret
  const after = text.slice(caret)
  const name = `@${username}${after.startsWith(' ') ? '' : ' '}`
  return { text: text.slice(0, start) + name + after, caret: start + username.length + 2 }
}
