import { html, raw } from 'hono/html'
import type { MailContent } from './content.ts'

/** A mail's words, ready to be set. */
export interface MailWords extends Omit<MailContent, 'name' | 'action'> {
  action: MailContent['action'] | undefined
  greeting: string
  facts: NonNullable<MailContent['facts']>
  notes: readonly string[]
  footer: string
  appName: string
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

/** The colours of the pages by day stand in the elements, as many programs drop a `style`; those by night here. */
const STYLE = `
  :root { color-scheme: light dark; supported-color-schemes: light dark; }
  a { overflow-wrap: anywhere; }
  @media (max-width: 480px) { .inside { padding: 24px 20px !important; } }
  @media (prefers-color-scheme: dark) {
    .cloth { background: #11141d !important; }
    .card { background: #191d29 !important; border-color: #f0857a #2a3042 #2a3042 !important; }
    .ink { color: #ece8de !important; }
    .soft { color: #b0b5c4 !important; }
    .line { border-color: #2a3042 !important; }
    .link { color: #9dacec !important; }
    .button { background: #9dacec !important; }
    .button a { color: #11141d !important; }
  }
`

/**
 * The one layout: at most 600 pixels wide, of tables and inline styles, which every mail program understands. It loads
 * nothing from anywhere, so opening it tells nobody. All words are escaped.
 */
export function htmlOf(words: MailWords): string {
  const { subject, heading, greeting, paragraphs, action, facts, notes, footer, appName } = words
  return settled(html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${subject}</title>
<style>${raw(STYLE)}</style>
</head>
<body class="cloth" style="margin:0;padding:0;background:#f6f3ec;">
<div style="display:none;max-height:0;overflow:hidden;">${paragraphs[0] ?? ''}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" class="cloth" style="background:#f6f3ec;">
<tr><td align="center" style="padding:24px 12px;">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" style="width:100%;max-width:600px;">
<tr><td class="soft" style="padding:0 4px 12px;font:600 15px/1.4 ${raw(FONT)};color:#53586a;">${appName}</td></tr>
<tr><td class="card" style="background:#fffdf9;border:1px solid #ddd5c5;border-top:4px solid #b0302a;border-radius:10px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
<tr><td class="inside" style="padding:32px 36px;">
<h1 class="ink" style="margin:0 0 20px;font:600 24px/1.25 ${raw(FONT)};color:#1c2130;">${heading}</h1>
${paragraph(greeting)}
${paragraphs.map(paragraph)}
${action ? actionOf(action) : ''}
${facts.length > 0 ? factsOf(facts) : ''}
${notes.map((note) => html`<p class="soft" style="margin:0 0 12px;font:14px/1.5 ${raw(FONT)};color:#53586a;">${note}</p>`)}
</td></tr></table>
</td></tr>
<tr><td class="soft" style="padding:16px 4px 0;font:13px/1.5 ${raw(FONT)};color:#53586a;">${footer}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`)
}

function paragraph(text: string) {
  return html`<p class="ink" style="margin:0 0 16px;font:16px/1.55 ${raw(FONT)};color:#1c2130;">${text}</p>`
}

/** A button, and below it the address in full, for whoever cannot press it or wants to see first where it leads. */
function actionOf({ label, url }: NonNullable<MailWords['action']>) {
  return html`<table role="presentation" cellpadding="0" cellspacing="0" style="margin:8px 0 20px;"><tr>
<td class="button" bgcolor="#2f3f80" style="background:#2f3f80;border-radius:8px;">
<a href="${url}" style="display:inline-block;padding:13px 26px;font:600 16px/1.2 ${raw(FONT)};color:#fffdf9;text-decoration:none;">${label}</a>
</td></tr></table>
<p class="soft" style="margin:0 0 20px;font:14px/1.5 ${raw(FONT)};color:#53586a;">Or open this address:<br>
<a class="link" href="${url}" style="color:#2f3f80;word-break:break-all;">${url}</a></p>`
}

function factsOf(facts: MailWords['facts']) {
  const cell = `padding:10px 16px 10px 0;font:14px/1.45 ${FONT};border-top:1px solid #ddd5c5;vertical-align:top;text-align:left;`
  return html`<table cellpadding="0" cellspacing="0" width="100%" style="margin:4px 0 20px;border-collapse:collapse;">
${facts.map(
  ({ label, value }) => html`<tr>
<th scope="row" class="soft line" style="${raw(cell)}color:#53586a;font-weight:400;white-space:nowrap;">${label}</th>
<td class="ink line" width="100%" style="${raw(cell)}color:#1c2130;overflow-wrap:anywhere;">${value}</td>
</tr>`,
)}
</table>`
}

/** hono answers with a promise only where one is among the values; here all are text. */
function settled(markup: ReturnType<typeof html>): string {
  if (markup instanceof Promise) throw new TypeError('The words of a mail are not there yet')
  return markup.toString()
}
