import { describe, expect, it } from 'vitest'
import { NOTICE_KINDS } from '../../src/features/identity/events.ts'
import { noticeMail } from '../../src/features/identity/notices/notice-mails.ts'
import { composeMail } from '../../src/platform/mail/compose.ts'

const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0'
const ANN = { firstName: 'Ann', timezone: 'Europe/Prague' }
const OURS = { frontendUrl: 'https://selvage.example' }
const BY_STAFF = ['sessions-ended', 'roles-changed', 'permission-changed', 'account-deactivated', 'account-reactivated']
const at = Date.parse('2026-11-23T04:50:00Z')
const noticed = { kind: 'passkey-added', at, userAgent: FIREFOX, place: 'Prague, CZ', subject: 'My laptop' } as const

describe('the mail of a notice', () => {
  it.each(NOTICE_KINDS)('says of %s what happened, and what to do if it was not the owner (R8.19, R9.12)', (kind) => {
    const { subject, heading, name, paragraphs, action, notes } = noticeMail({ ...noticed, kind }, ANN, OURS)
    expect(subject).not.toBe('')
    expect({ heading, name }).toEqual({ heading: subject, name: 'Ann' })
    expect(paragraphs.join()).toMatch(/account|code/)
    // Whoever is shut out can review nothing.
    if (kind !== 'account-deactivated') expect(action?.url).toBe('https://selvage.example/app/account?tab=security')
    const wayOut = BY_STAFF.includes(kind)
      ? /^It was done by somebody who looks after accounts\. If you think that it is a mistake, contact support\.$/
      : /If this was not you.*reset your password.*contact support\.$/
    expect(notes?.join(' ')).toMatch(wayOut)
  })

  it.each([
    ['passkey-added', 'remove the passkey under Security, then reset'],
    ['api-key-created', 'revoke the key under Security, then reset'],
    ['provider-linked', 'unlink that account under Security, then reset'],
    ['password-changed', 'look under Security for passkeys, API keys and linked accounts that are not yours'],
  ] as const)('tells of %s how to take back what a new password leaves', (kind, advice) => {
    const advised = noticeMail({ ...noticed, kind }, ANN, OURS).notes?.join(' ')
    expect(advised).toContain(advice)
    expect(advised).toContain('which signs everybody out')
  })

  it('says of each kind something else, and that a password was changed in the subject (R9.12)', () => {
    const subjects = NOTICE_KINDS.map((kind) => noticeMail({ ...noticed, kind }, ANN, OURS).subject)
    expect(new Set(subjects).size).toBe(NOTICE_KINDS.length)
    expect(noticeMail({ ...noticed, kind: 'password-changed' }, ANN, OURS).subject).toMatch(/password was changed/i)
  })

  it('says of a changed password that passkeys and API keys go on, and where to look, in both forms of the mail', () => {
    const content = noticeMail({ ...noticed, kind: 'password-changed' }, ANN, OURS)
    const mail = composeMail({ address: 'ann@people.test', name: 'Ann' }, content, { appName: 'Selvage' })
    for (const form of [mail.html, mail.text]) {
      const words = form.replaceAll(/\s+/g, ' ')
      expect(words).toContain('Passkeys and API keys, if you have any, go on working: look through them under Security')
      expect(form).toContain('https://selvage.example/app/account?tab=security')
    }
  })

  it('tells what it was about, when by the owner’s clock, the device and the place', () => {
    expect(noticeMail(noticed, ANN, { ...OURS, supportAddress: 'help@selvage.example' })).toMatchObject({
      facts: [
        { label: 'Passkey', value: 'My laptop' },
        { label: 'When', value: '23 November 2026 at 05:50 CET' },
        { label: 'Device', value: 'Firefox on Windows' },
        { label: 'Near', value: 'Prague, CZ' },
      ],
      notes: [expect.anything(), expect.stringContaining('contact support at help@selvage.example.')],
    })
  })

  it.each([
    ['nothing', null],
    ['what looks like a link', 'win.example/now'],
    ['a program nobody knows', 'https://evil.example/1.0 (win.example)'],
  ])('leaves out a device, a name and a place that are %s', (_, text) => {
    const facts = noticeMail({ ...noticed, userAgent: text, place: text, subject: text ?? undefined }, ANN, OURS).facts
    expect(facts?.map(({ label }) => label)).toEqual(['When'])
  })

  it('tells the time in UTC to whoever is in a zone that nobody knows', () => {
    const { facts } = noticeMail({ ...noticed, subject: undefined }, { ...ANN, timezone: 'Mars/Olympus' }, OURS)
    expect(facts?.[0]).toEqual({ label: 'When', value: '23 November 2026 at 04:50 UTC' })
  })
})
