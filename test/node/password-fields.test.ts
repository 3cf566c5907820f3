import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const FIELD = join('account', 'password-field.tsx')
const files = readdirSync('src/web', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.tsx'))
const textOf = (file: string) => readFileSync(join('src/web', file), 'utf8')

describe('the pages', () => {
  it('ask for every password in one field, which hides it until it is to be shown', () => {
    const asked = /<(\w+)[^<>]*autocomplete="(?:current|new)-password"/g
    const places = files.flatMap((file) => [...textOf(file).matchAll(asked)].map(([, tag]) => ({ file, tag })))
    expect(places.length).toBeGreaterThan(1)
    expect(places.filter(({ tag }) => tag !== 'PasswordField')).toEqual([])

    const ofPasswords = files.filter((file) => /type=(?:"password"|\{[^}]*'password')/.test(textOf(file)))
    expect(ofPasswords).toEqual([FIELD])
    expect(textOf(FIELD)).toContain("type={isShown ? 'text' : 'password'}")
    expect(textOf(FIELD)).toContain('useState(false)')
  })

  it('let passwords be pasted and filled in whole: nothing listens for that, cuts, or keeps password managers out', () => {
    expect(textOf(FIELD)).not.toMatch(/maxLength|readonly|autocomplete="off"/i)
    expect(textOf(FIELD)).toContain('autocomplete={autocomplete}')
    const refuses = /on(?:Paste|BeforeInput|Drop)\b|addEventListener\('(?:paste|beforeinput)'/
    const account = files.filter((file) => file.startsWith('account') || file.startsWith('step-up'))
    expect(account.filter((file) => refuses.test(textOf(file)))).toEqual([])
  })
})
