import type { Excerpt } from '../schemas.ts'

/** What stands around a hit in a text of the index: no text of a product may hold them. */
export const HIT_START = '\u0002'
export const HIT_END = '\u0003'

/** The pieces of a marked text, so that whoever shows it needs no markup of ours in it. */
export function excerptOf(marked: string): Excerpt {
  return marked
    .split(HIT_START)
    .flatMap((part, i) => {
      if (i === 0) return [{ text: part, isMatch: false }]
      const [hit = '', ...rest] = part.split(HIT_END)
      return [
        { text: hit, isMatch: true },
        { text: rest.join(HIT_END), isMatch: false },
      ]
    })
    .filter(({ text }) => text !== '')
}
