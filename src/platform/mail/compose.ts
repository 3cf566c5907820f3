import type { MailContent } from './content.ts'
import type { Mail } from './mailer.ts'

/** Gives a mail its form: the same words as HTML and as plain text. */
export function composeMail(to: Mail['to'], content: MailContent, brand: { appName: string }): Mail {
  const { subject, heading, name, paragraphs, action, facts = [], notes = [] } = content
  const lines = [
    heading,
    `Hello ${name},`,
    ...paragraphs,
    ...(action ? [`${action.label}: ${action.url}`] : []),
    ...facts.map(({ label, value }) => `${label}: ${value}`),
    ...notes,
    `This mail was sent by ${brand.appName}.`,
  ]
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  return { to, subject, html: lines.map((line) => `<p>${escaped(line)}</p>`).join(''), text: lines.join('\n\n') }
}
