/**
 * Writes the list of passwords that are tried first, from the ranked one of `@zxcvbn-ts/language-common` (MIT), into a
 * file of a size that a Worker can carry. `npm run passwords`, when that package has a newer one.
 */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { dictionary } from '@zxcvbn-ts/language-common'
import { main, ROOT } from './lib/cli.mjs'
import { importSource } from './lib/import-source.mjs'

const FILE = 'src/features/identity/domain/common-passwords.json'
const COUNT = 6_000
/** Shorter ones are in too many others. */
const SHORTEST = 4
const LINE = 110

await main(async () => {
  const { readingsOf } = await importSource('src/features/identity/domain/password-rules.ts')
  const words = new Set()
  for (const word of dictionary['passwords-common']) {
    if (words.size === COUNT) break
    // Our rules ask for letters; what is read as a word that is there already needs no place of its own.
    const isNew =
      /[a-z]/.test(word) && word.length >= SHORTEST && readingsOf(word).every((reading) => !words.has(reading.word))
    if (isNew) words.add(word)
  }
  const about = `The ${COUNT} that are tried first, most used first; made by scripts/common-passwords.mjs.`
  await writeFile(resolve(ROOT, FILE), `${JSON.stringify({ about, words: linesOf([...words]) }, null, 2)}\n`)
  return 0
})

function linesOf(words) {
  const lines = ['']
  for (const word of words) {
    const last = lines.at(-1)
    if (last.length + word.length > LINE) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines
}
