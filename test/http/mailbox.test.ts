import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSystemContext } from '../../src/compose.ts'
import { NOTICE_KINDS } from '../../src/features/identity/events.ts'
import { createApi } from '../support/api.ts'
import { PRODUCTION } from '../support/production.ts'

const api = createApi()
const html = { headers: { accept: 'text/html,*/*;q=0.8' } }
const json = { headers: { accept: 'application/json' } }
const read = async (path: string, given = html) => {
  const { status, headers, response } = await api.get(path, given)
  return { status, csp: headers.get('content-security-policy') ?? '', headers, text: await response.text() }
}

const EVIL = '</pre><script>alert(1)</script>'

beforeAll(async () => {
  const { mailer } = createSystemContext(api.isolate, env as never, 'test', () => undefined)
  const to = { address: 'ann@people.test', name: EVIL }
  await mailer.send({ to, subject: EVIL, html: '<html><head></head><b>Hello</b></html>', text: EVIL }, 'notice:1/2')
  await mailer.send({ to: { address: 'bob@people.test', name: 'Bob' }, subject: 'Two', html: '', text: 'Two' }, 'b')
})

describe('the mailbox of a laptop', () => {
  it('lists what was sent, newest first, to people and to programs that ask for JSON', async () => {
    const page = await read('/dev/mail')
    expect(page).toMatchObject({ status: 200, text: expect.stringMatching(/bob@people\.test[\s\S]*ann@people\.test/) })
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(JSON.parse((await read('/dev/mail?to=BOB@people.test', json)).text)).toEqual({
      mails: [{ id: 'b', to: 'bob@people.test', subject: 'Two', text: 'Two', createdAt: expect.any(String) }],
    })
  })

  it('shows a mail with all words escaped, and its HTML in a frame that runs nothing', async () => {
    const { text: list } = await read('/dev/mail')
    const [, path = ''] = /href="(\/dev\/mail\/notice[^"]*)"/.exec(list) ?? []
    const page = await read(path)
    expect(page.text).not.toContain('<script')
    expect(page.text).toContain('&lt;/pre&gt;&lt;script&gt;')
    expect(page.csp).toMatch(
      /^default-src 'none'; style-src 'nonce-[\w-]{36}'; frame-src 'self'; .*frame-ancestors 'none'$/,
    )
    const [, frame = '', sandbox] = /<iframe src="([^"]+)"[^>]*sandbox="([^"]*)"/.exec(page.text) ?? []
    expect(sandbox).toBe('allow-popups allow-popups-to-escape-sandbox')
    const framed = await read(frame)
    expect(framed.text).toBe('<html><head><base target="_blank"></head><b>Hello</b></html>')
    expect(framed.csp).toMatch(/^sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; /)
    expect(framed.csp).not.toMatch(/script-src|allow-scripts|allow-same-origin/)
  })

  it('shows every mail that there is as a sample', async () => {
    const { text } = await read('/dev/mail/templates')
    for (const kind of ['verify-email', 'reset-password', 'welcome', ...NOTICE_KINDS])
      expect(text).toContain(`href="/dev/mail/templates/${kind}"`)
    const one = await read('/dev/mail/templates/password-changed')
    expect(one.text).toContain('Hello Ada,')
    expect((await read('/dev/mail/templates/password-changed/html')).text).toContain('max-width:600px')
  })

  it('says what is not there, and takes nothing', async () => {
    for (const path of ['/dev/mail/none', '/dev/mail/none/html', '/dev/mail/templates/none']) {
      expect(await read(path)).toMatchObject({ status: 404, text: expect.stringContaining('No such mail') })
    }
    expect(await api.post('/dev/mail', {})).toMatchObject({ status: 405, body: { code: 'METHOD_NOT_ALLOWED' } })
  })

  it('is in no document, and is not there at all in production', async () => {
    expect((await read('/openapi/v1.json', json)).text).not.toContain('/dev/')
    const production = createApi({ settings: { ...PRODUCTION, ALLOWED_HOSTS: 'localhost' } })
    for (const path of ['/dev/mail', '/dev/mail/b', '/dev/mail/templates']) {
      expect(await production.get(path, html)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
    }
  })
})
