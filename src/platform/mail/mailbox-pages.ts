import { html, raw } from 'hono/html'
import { isoTime } from '../clock.ts'

export interface ListedMail {
  id: string
  to: string
  subject: string
  createdAt: number
}

export interface ShownMail {
  subject: string
  /** Lines above the mail: whom it went to, when. */
  facts: readonly { label: string; value: string }[]
  text: string
  /** Where its HTML is served for the frame. */
  frame: string
}

type Markup = ReturnType<typeof html>

const STYLE = `
  :root { color-scheme: light dark; --line: #ddd5c5; --soft: #53586a; --link: #2f3f80; background: #f6f3ec; color: #1c2130; }
  @media (prefers-color-scheme: dark) {
    :root { --line: #2a3042; --soft: #b0b5c4; --link: #9dacec; background: #11141d; color: #ece8de; }
  }
  body { margin: 0 auto; max-width: 60rem; padding: 1.5rem 1rem 3rem; font: 1rem/1.5 system-ui, sans-serif; }
  nav { display: flex; gap: 1.5rem; }
  a { color: var(--link); }
  ol { list-style: none; padding: 0; }
  li { border-top: 1px solid var(--line); padding: 0.75rem 0; overflow-wrap: anywhere; }
  li p, dl { margin: 0; color: var(--soft); font-size: 0.875rem; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; }
  dd { margin: 0; overflow-wrap: anywhere; }
  iframe { width: 100%; height: 44rem; border: 1px solid var(--line); background: #f6f3ec; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line); padding: 1rem; }
`

/** The list of what was sent, or what to expect where nothing was. `nonce` lets this style in, and no other. */
export function mailboxPage(mails: readonly ListedMail[], empty: string, nonce: string): Markup {
  const item = ({ id, to, subject, createdAt }: ListedMail) => html`<li>
<a href="/dev/mail/${encodeURIComponent(id)}">${subject}</a>
<p>to ${to}, <time datetime="${isoTime(createdAt)}">${isoTime(createdAt)}</time></p></li>`
  return page('Mailbox', nonce, html`${mails.length === 0 ? html`<p>${empty}</p>` : html`<ol>${mails.map(item)}</ol>`}`)
}

/** The list of all mails that there are, as samples. */
export function templatesPage(samples: readonly { name: string; subject: string }[], nonce: string): Markup {
  const item = ({ name, subject }: { name: string; subject: string }) =>
    html`<li><a href="/dev/mail/templates/${name}">${subject}</a><p>${name}</p></li>`
  return page('Templates', nonce, html`<ol>${samples.map(item)}</ol>`)
}

/** One mail: its HTML in a frame that can do nothing but open links, and its plain text. */
export function mailPage({ subject, facts, text, frame }: ShownMail, nonce: string): Markup {
  return page(
    subject,
    nonce,
    html`<dl>${facts.map(({ label, value }) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
<h2>HTML</h2>
<iframe src="${frame}" title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>
<h2>Plain text</h2>
<pre>${text}</pre>`,
  )
}

export function missingMailPage(nonce: string): Markup {
  return page('No such mail', nonce, html`<p>It is not here, or has made room for newer ones.</p>`)
}

/** What a frame shows: links open beside the mailbox, as they would beside a mail program. */
export function framedMail(mail: string): string {
  return mail.replace('<head>', '<head><base target="_blank">')
}

function page(title: string, nonce: string, content: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style nonce="${nonce}">${raw(STYLE)}</style>
</head>
<body>
<nav aria-label="Mail of this machine"><a href="/dev/mail">Mailbox</a><a href="/dev/mail/templates">Templates</a></nav>
<main><h1>${title}</h1>
${content}
</main>
</body>
</html>
`
}
