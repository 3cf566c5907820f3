/** What a message's text is made of, in order. Joined again it is the text, character by character. */
export type TextPart =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; username: string }
  /** What a search has found. */
  | { kind: 'match'; text: string }

const LINK = /https?:\/\/[^\s<>"'`]+/giu
/** Closes a sentence rather than an address. */
const TRAILING = /[.,:;!?…»”’]+$/u
const BRACKETS: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
/** As the server finds whom a text calls. */
const MENTION = /(?<![\w@.\p{L}-])@([a-z0-9_]{3,30})(?![\w@\p{L}])/giu

const PICTURE = '\\p{Extended_Pictographic}[\\p{Emoji_Modifier}\\u{FE0F}]*'
const ONE_EMOJI = `(?:${PICTURE}(?:\\u{200D}${PICTURE})*|\\p{Regional_Indicator}{2}|[0-9#*]\\u{FE0F}?\\u{20E3})`
const ONLY_EMOJI = new RegExp(`^(?:${ONE_EMOJI}\\s*){1,6}$`, 'u')

/** Whether a text is nothing but a few emoji, which are then shown larger. */
export function isOnlyEmoji(text: string): boolean {
  return ONLY_EMOJI.test(text.trim())
}

/** Splits a text into plain words, links and mentions of those named. */
export function partsOf(text: string, usernames: ReadonlySet<string>): TextPart[] {
  return splitBy(text, LINK, linkAt).flatMap((part) =>
    part.kind === 'text'
      ? splitBy(part.text, MENTION, (match) => {
          const username = (match[1] ?? '').toLowerCase()
          return usernames.has(username) ? { kind: 'mention', text: match[0], username } : null
        })
      : [part],
  )
}

/** Splits a text around what was searched for, whatever its case. */
export function matchesIn(text: string, query: string): TextPart[] {
  const wanted = query.trim()
  if (wanted === '') return [{ kind: 'text', text }]
  const escaped = wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return splitBy(text, new RegExp(escaped, 'giu'), ([found]) => ({ kind: 'match', text: found }))
}

function splitBy(text: string, pattern: RegExp, make: (match: RegExpExecArray) => TextPart | null): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    const part = make(match)
    if (!part) continue
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) })
    parts.push(part)
    from = match.index + part.text.length
  }
  if (from < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}

function linkAt([found]: RegExpExecArray): TextPart | null {
  const text = trimmed(found)
  const url = parseUrl(text)
  // A name before the host pretends to be one.
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') return null
  return { kind: 'link', text, href: url.href }
}

function parseUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** Without what ends the sentence: full stops, and brackets that were opened before the address. */
function trimmed(address: string): string {
  const text = address.replace(TRAILING, '')
  const closing = text.at(-1) ?? ''
  const opening = BRACKETS[closing]
  const isUnbalanced = opening !== undefined && text.split(closing).length > text.split(opening).length
  if (isUnbalanced) return trimmed(text.slice(0, -1))
  return text
}

const BEFORE_MATCH = 60

/** A long text from shortly before what was found, so that it is in view. */
export function aroundMatch(text: string, query: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  const at = line.toLowerCase().indexOf(query.trim().toLowerCase())
  return at <= BEFORE_MATCH ? line : `…${line.slice(line.indexOf(' ', at - BEFORE_MATCH) + 1 || at - BEFORE_MATCH)}`
}
