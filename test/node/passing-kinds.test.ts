import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(new URL(path, `file://${root}`), 'utf8')

it('every kind of passing token that the source declares is in the corpus of forged ones (R7.8)', () => {
  const declared = globSync('src/**/*.ts', { cwd: root }).flatMap((path) =>
    [...read(path).matchAll(/const (\w+): PassingKind</g)].map(([, name]) => name ?? ''),
  )
  const corpus = read('test/support/passing-kinds.ts')
  expect(declared.length).toBeGreaterThan(0)
  expect(declared.filter((name) => !corpus.includes(`[${name}, {`))).toEqual([])
})
