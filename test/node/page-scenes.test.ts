import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../../scripts/lib/cli.mjs'

const SCENES = join(ROOT, 'test/browser/scenes')

it('has a scene of every page, in which axe reads it (P8)', () => {
  const addresses: string[] = Object.values(JSON.parse(readFileSync(join(ROOT, 'src/web/addresses.json'), 'utf8')))
  const scenes = readdirSync(SCENES).map((file) => readFileSync(join(SCENES, file), 'utf8'))
  const opened = new Set(scenes.flatMap((text) => [...text.matchAll(/['"`](\/[\w/-]*)/g)].map(([, path]) => path)))
  expect(addresses.length).toBeGreaterThan(15)
  expect(addresses.filter((address) => !opened.has(address))).toEqual([])
})
