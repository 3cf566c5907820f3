import type { MailContent } from './content.ts'
import { htmlOf, type MailWords } from './layout.ts'
import type { Mail } from './mailer.ts'
import { isPlainWords } from './plain-words.ts'

/**
 * Gives a mail its form: the same words as HTML and as plain text. Both hold all that the other holds.
 * @throws TypeError where the action leads anywhere but to a page
 */
export function composeMail(to: Mail['to'], content: MailContent, brand: { appName: string }): Mail {
  const { heading, paragraphs, action, facts = [], notes = [] } = content
  if (action && !/^https?:$/.test(new URL(action.url).protocol)) throw new TypeError('A mail links to pages only')
  const words = {
    subject: oneLine(content.subject),
    heading,
    greeting: isPlainWords(content.name) && content.name.trim() !== '' ? `Hello ${content.name.trim()},` : 'Hello,',
    paragraphs,
    action,
    facts,
    notes,
    footer: `This is an automated mail from ${brand.appName}. Nobody reads replies to it.`,
    appName: brand.appName,
  }
  return { to, subject: words.subject, html: htmlOf(words), text: textOf(words) }
}

function textOf({ heading, greeting, paragraphs, action, facts, notes, footer }: MailWords): string {
  const blocks = [
    heading,
    greeting,
    ...paragraphs,
    ...(action ? [`${action.label}:\n${action.url}`] : []),
    ...(facts.length > 0 ? [facts.map(({ label, value }) => `${label}: ${oneLine(value)}`).join('\n')] : []),
    ...notes,
    // Mail programs know what stands below this as a signature.
    `-- \n${footer}`,
  ]
  return `${blocks.join('\n\n')}\n`
}

/** A line break in a subject would begin another header; in a fact it would look like another one. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}
