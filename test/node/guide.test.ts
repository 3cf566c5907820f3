import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** The blocks of a guide that are whole files: each begins with a comment that names its file. */
function filesOf(guide: string): [file: string, text: string][] {
  return [...guide.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)].map(([, file = '', text = '']) => [file, text])
}

describe('the files of docs/adding-a-feature.md', () => {
  const files = filesOf(readFileSync('docs/adding-a-feature.md', 'utf8').replaceAll('\r\n', '\n'))
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'selvage-guide-'))
    for (const part of ['src', 'durable-objects', 'test/support', 'tsconfig.json', 'biome.json']) {
      cpSync(part, join(folder, part), { recursive: true })
    }
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'), 'junction')
    for (const [file, text] of files) {
      mkdirSync(join(folder, dirname(file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    const include = [...files.map(([file]) => file), 'test/support/env.d.ts']
    writeFileSync(join(folder, 'tsconfig.guide.json'), JSON.stringify({ extends: './tsconfig.json', include }))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const run = (packageName: string, bin: string, args: string[]) => {
    const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`)
    const { bin: programs } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: Record<string, string> }
    const program = join(dirname(manifest), programs[bin] ?? '')
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: folder,
      encoding: 'utf8',
    })
    return { status, output: stdout + stderr }
  }

  it('are those of a whole feature and its test', () => {
    const names = files.map(([file]) => file.replace('src/features/notes/', ''))
    expect(names).toEqual(
      expect.arrayContaining(['tables.ts', 'schemas.ts', 'queries.ts', 'events.ts', 'subscribers.ts', 'routes.ts']),
    )
    expect(names).toContain('test/features/notes/notes.test.ts')
    expect(new Set(names).size).toBe(names.length)
  })

  it('are as the formatter and the linter want them', () => {
    const { status, output } = run('@biomejs/biome', 'biome', ['ci', '--colors=off', ...files.map(([file]) => file)])
    expect([status, output], output).toEqual([0, expect.stringContaining(`Checked ${files.length} files`)])
  })

  it('are accepted by the compiler together with the project', () => {
    const { status, output } = run('typescript', 'tsc', ['--project', 'tsconfig.guide.json'])
    expect([status, output]).toEqual([0, ''])
  })
})
