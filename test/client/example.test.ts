import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
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
    const child = spawn(process.execPath, [EXAMPLE, world.system.url.origin, ...people], { timeout: 60_000 })
    const output = { text: '', lastAt: 0 }
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output.text += text
        output.lastAt = performance.now()
      })
    }
    const [code] = await once(child, 'close')
    expect([code, output.text]).toEqual([0, 'maya: Is the loom running?\njonas: Since this morning.\n'])
    // A timer that was left, such as that of the next ping, would hold it up for longer.
    expect(performance.now() - output.lastAt).toBeLessThan(10_000)
  })
})
