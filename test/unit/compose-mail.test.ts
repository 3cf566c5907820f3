import { describe, expect, it } from 'vitest'
import { composeMail } from '../../src/platform/mail/compose.ts'
import type { MailContent } from '../../src/platform/mail/content.ts'

const TO = { address: 'ann@people.test', name: 'Ann' }

function compose(content: Partial<MailContent>, appName = 'Selvage') {
  const plain = { subject: 'A subject', heading: 'A heading', name: 'Ann', paragraphs: ['Something happened.'] }
  return composeMail(TO, { ...plain, ...content }, { appName })
}

/** What a reader of the HTML sees. */
function wordsOf(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
  return html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&(#?\w+);/g, (_, name: string) => entities[name] ?? '?')
    .replaceAll(/\s+/g, ' ')
}

describe('composeMail', () => {
  it('says all of a mail in both bodies: greeting, text, button, plain link, facts, notes, automated footer (R9.11)', () => {
    const url = 'https://selvage.example/app/reset-password#token=abc'
    const { html, text, subject, to } = compose({
      subject: 'Password reset request',
      action: { label: 'Choose a new password', url },
      facts: [{ label: 'Device', value: 'Firefox on Linux' }],
      notes: ['The link is good for 1 hour.', 'If this was not you, ignore this mail or contact support.'],
    })
    expect({ subject, to }).toEqual({ subject: 'Password reset request', to: TO })
    for (const body of [wordsOf(html), text.replaceAll(/\s+/g, ' ')]) {
      for (const words of ['A heading', 'Hello Ann,', 'Something happened.', 'Choose a new password', url]) {
        expect(body).toContain(words)
      }
      expect(body).toMatch(/Device:? Firefox on Linux/)
      expect(body).toMatch(/1 hour.*contact support.*automated mail from Selvage/)
    }
    // The button and the plain link lead to the same place; nothing is loaded from anywhere.
    expect(html.match(/href="[^"]*"/g)).toEqual([`href="${url}"`, `href="${url}"`])
    expect(html).not.toMatch(/src=|url\(|@import|<script|<link/)
    expect(html).toContain('max-width:600px')
  })

  it('escapes every word that somebody else has written (R9.11, R10.13)', () => {
    const evil = `<img x='"' &amp;>`
    const { html } = compose(
      {
        subject: evil,
        heading: evil,
        name: evil,
        paragraphs: [evil],
        action: { label: evil, url: 'https://selvage.example/?a="><i>' },
        facts: [{ label: evil, value: evil }],
        notes: [evil],
      },
      evil,
    )
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<i>')
    expect(html).toContain('Hello &lt;img x=&#39;&quot;&#39; &amp;amp;&gt;,')
  })

  it.each(['win.example', 'https://x', 'see www.x', 'ann@people.test', '//x', 'a\nb', ' '])(
    'greets nobody by a name that mail programs would make a link of: %j',
    (name) => {
      const { html, text } = compose({ name })
      expect(text).toContain('\n\nHello,\n\n')
      expect(wordsOf(html)).toContain('Hello,')
    },
  )

  it.each(['Anne-Marie', "O'Neil", 'J. R. R.', 'Łukasz', '李小龙'])('greets %s by name', (name) => {
    expect(compose({ name }).text).toContain(`Hello ${name},`)
  })

  it('keeps a subject and each fact on one line', () => {
    const { subject, text } = compose({
      subject: 'One\r\nBcc: eve@people.test',
      facts: [{ label: 'Name', value: 'x\nDevice: another' }],
    })
    expect(subject).toBe('One Bcc: eve@people.test')
    expect(text).toContain('Name: x Device: another')
  })

  it('links to pages only', () => {
    expect(() => compose({ action: { label: 'Go', url: 'javascript:alert(1)' } })).toThrow(TypeError)
  })
})
