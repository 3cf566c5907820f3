import { describe, expect, it } from 'vitest'
import { languageName } from '../../src/web/names.ts'

describe('names', () => {
  it('call a language by its name, and leave alone what is none', () => {
    expect(languageName('de')).toMatch(/^\p{L}{3,}$/u)
    expect(languageName('not a code')).toBe('not a code')
    expect(languageName('')).toBe('')
  })
})
