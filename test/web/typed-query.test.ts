import { describe, expect, it } from 'vitest'
import { wantedOf, withAddress } from '../../src/web/components/use-typed-query.ts'

describe('a search that stands in the address', () => {
  it('keeps a letter that is typed between its own change of the address and the word that it has changed', () => {
    const typed = { text: 'shi', known: 'sh' }
    expect(withAddress(typed, 'sh')).toEqual(typed)
    expect(wantedOf(typed)).toBe('shi')
  })

  it('shows what the address says where something else has changed it', () => {
    expect(withAddress({ text: 'shirt', known: 'shirt' }, '')).toEqual({ text: '', known: '' })
  })

  it('asks for nothing new by a space on the way to the next word', () => {
    expect(wantedOf({ text: 'linen ', known: 'linen' })).toBe(null)
    expect(withAddress({ text: 'linen ', known: 'linen' }, 'linen').text).toBe('linen ')
  })
})
