import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ClientWorld, openClientWorld } from '../support/node/client-world.ts'

const EXAMPLE = resolve('docs/examples/client.mjs')
const PASSWORD = 'Woven-edge-7'

let world: ClientWorld

beforeAll(async () => {
  world = await openClientWorld()
  await world.enter('maya')
  await world.enter('jonas')
})
afterAll(() => world?.close())

describe('the example of the typed client', () => {
  it('is about twenty lines that need the package only', async () => {
    const lines = (await readFile(EXAMPLE, 'utf8')).split('\n').filter((line) => line.trim() !== '')
    expect(lines.length).toBeLessThanOrEqual(24)
    expect(lines.filter((line) => line.includes('import'))).toEqual(["import { createClient } from 'selvage/client'"])
  })

  it('lets two people chat, and ends by itself: closed connections leave nothing behind', async () => {
    const people = ['maya', 'jonas'].flatMap((name) => [`${name}@people.test`, PASSWORD])
    const began = performance.now()
    const args = [EXAMPLE, world.system.url.origin, ...people]
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 })
    expect([stdout, stderr]).toEqual(['maya: Is the loom running?\njonas: Since this morning.\n', ''])
    // A timer or a socket that was left would hold it up for longer.
    expect(performance.now() - began).toBeLessThan(8_000)
  })
})
