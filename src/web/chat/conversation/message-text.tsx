import { useInnerTabIndex } from './tab-stop.ts'
import { isOnlyEmoji, matchesIn, partsOf, type TextPart } from './text-parts.ts'

interface MessageTextProps {
  text: string
  /** Names in it that are people of the room. */
  usernames: ReadonlySet<string>
  myUsername: string
}

/** A text as it was written: nothing of it is markup. */
export function MessageText({ text, usernames, myUsername }: MessageTextProps) {
  return (
    <span class="message-text" data-testid="message-content" data-large={isOnlyEmoji(text) || undefined}>
      {partsOf(text, usernames).map((part, at) => (
        <Part key={at} part={part} myUsername={myUsername} />
      ))}
    </span>
  )
}

/** The text of a message that was found, with what was searched for marked. */
export function FoundText({ text, query }: { text: string; query: string }) {
  return (
    <span>
      {matchesIn(text, query).map((part, at) => (
        <Part key={at} part={part} myUsername="" />
      ))}
    </span>
  )
}

function Part({ part, myUsername }: { part: TextPart; myUsername: string }) {
  const tabIndex = useInnerTabIndex()
  switch (part.kind) {
    case 'link':
      return (
        <a class="message-link" tabIndex={tabIndex} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
          {part.text}
        </a>
      )
    case 'mention':
      return (
        <span class="mention" data-me={part.username === myUsername || undefined}>
          {part.text}
        </span>
      )
    case 'match':
      return <mark>{part.text}</mark>
    case 'text':
      return <>{part.text}</>
  }
}
