import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, extname, join, matchesGlob, resolve } from 'node:path'
import { type Loader, transformSync } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { importSource } from '../support/node/import-source.ts'
import { readWranglerToml } from '../support/node/wrangler-toml.ts'

const toml = readWranglerToml()
const readJson = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T

/** The code without its comments. */
function codeOf(text: string, loader: Loader): string {
  return transformSync(text, { loader, jsx: 'preserve', legalComments: 'none', minifySyntax: false }).code
}

/** The classes that a style sheet gives a look of their own: `.name` alone before its block. */
function classesOf(css: string): string[] {
  const selectors = [...css.matchAll(/(?:^|[}{;/])\s*([^{}@;/]+)\{/g)].flatMap(([, list = '']) => list.split(','))
  return selectors.flatMap((selector) => /^\s*\.([\w-]+)\s*$/.exec(selector)?.[1] ?? [])
}

it('makes a key that seals with the command that the guide shows (R8.17)', () => {
  const guide = readFileSync('docs/two-step-sign-in.md', 'utf8')
  const [, script = ''] = /^node -e "(.+)" \| wrangler secret put ENCRYPTION_KEYS$/m.exec(guide) ?? []
  expect(spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' }).stdout).toMatch(/^k1=[0-9a-f]{64}\n$/)
})

describe('the style sheets', () => {
  it('style a class in one file: features do not paint over each other by chance', () => {
    expect(classesOf('.a {}\n.b,\n.c { x: y; }\n@media (x) {\n  .d {}\n}\n.e .f {}\n/* g */\n.h {}')).toEqual([
      'a',
      'b',
      'c',
      'd',
      'h',
    ])
    const files = readdirSync('src/web', { recursive: true, encoding: 'utf8' }).filter(
      (file) => extname(file) === '.css',
    )
    const places = new Map<string, Set<string>>()
    for (const file of files) {
      for (const name of classesOf(readFileSync(join('src/web', file), 'utf8'))) {
        places.set(name, (places.get(name) ?? new Set()).add(file))
      }
    }
    expect(places.size).toBeGreaterThan(100)
    expect([...places].filter(([, where]) => where.size > 1).map(([name, where]) => [name, ...where])).toEqual([])
  })
})

describe('the sources', () => {
  const files = ['src', 'durable-objects'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => join(folder, file))
      .filter((file) => ['.ts', '.tsx'].includes(extname(file))),
  )

  it('derive no key by PBKDF2, which the platform caps in production, though not here', () => {
    const uses = (text: string, loader: Loader) => /pbkdf2/i.test(codeOf(text, loader))
    expect(uses("crypto.subtle.importKey('raw', key, 'PBKDF2', false, ['deriveBits'])", 'ts')).toBe(true)
    expect(uses('// Not PBKDF2.\n/** Nor pbkdf2Sync. */\nexport const cost = 1', 'ts')).toBe(false)
    expect(files.length).toBeGreaterThan(50)
    const found = files.filter((file) => uses(readFileSync(file, 'utf8'), extname(file).slice(1) as Loader))
    expect(found).toEqual([])
  })

  it('read the catalogue’s database in the catalogue alone: it is a service of its own (R26.2)', () => {
    const reads = (text: string, loader: Loader) =>
      /\bCATALOG_DB\b|\bctx\W{0,2}\.catalog\b|\.catalog\.(?:db|commit)\b/.test(codeOf(text, loader))
    const guilty = [
      'env.CATALOG_DB.prepare(x)',
      'ctx.catalog.commit([])',
      'const { db } = ctx.catalog',
      "c.get('ctx').catalog.db.all(x)",
      "const { db } = c.get('ctx').catalog",
    ]
    expect(guilty.map((text) => reads(text, 'ts'))).toEqual(guilty.map(() => true))
    const found = files.filter((file) => reads(readFileSync(file, 'utf8'), extname(file).slice(1) as Loader))
    const others = found.filter((file) => !file.startsWith(join('src', 'features', 'catalog')))
    // Where its binding is named.
    expect(others).toEqual([join('src', 'env.ts')])
    expect(found.length).toBeGreaterThan(1)
  })

  it('ask by name for what stands beside a request: `c.var` is a copy of all of it, each time', () => {
    const found = files.filter((file) =>
      /\bc\.var\b/.test(codeOf(readFileSync(file, 'utf8'), extname(file).slice(1) as Loader)),
    )
    expect(found).toEqual([])
  })

  it('read the tables of a feature in that feature alone, and the catalogue no other database (R22.4, R26.6)', () => {
    const owner = (file: string) => /^src\/features\/([\w-]+)\//.exec(file.replaceAll('\\', '/'))?.[1]
    const foreign = files.flatMap((file) => {
      const imported = [...readFileSync(file, 'utf8').matchAll(/from '(\.[^']*tables\.ts)'/g)].map(([, path = '']) =>
        join(dirname(file), path),
      )
      return imported
        .filter((path) => owner(path) !== undefined && owner(path) !== owner(file))
        .map((path) => [file, path])
    })
    expect(foreign).toEqual([])
    const catalog = files.filter((file) => owner(file) === 'catalog')
    expect(catalog.length).toBeGreaterThan(20)
    const others = /\b(?:DB|ACTIVITY_DB)\b|\bctx\W{0,2}\.(?:core|activity)\b|\bstore: '(?:core|activity)'/
    expect(catalog.filter((file) => others.test(codeOf(readFileSync(file, 'utf8'), 'ts')))).toEqual([])
  })

  it('of the migrations make a table in one database, but for what the platform keeps in each (R22.4, R26.6)', () => {
    const databases = toml.d1_databases.map((one) => String(one.migrations_dir))
    expect(new Set(toml.d1_databases.map((one) => one.binding)).size).toBe(databases.length)
    const made = new Map<string, string[]>()
    for (const folder of databases) {
      const texts = readdirSync(folder).filter((file) => file.endsWith('.sql'))
      const sql = texts.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n')
      for (const [, name = ''] of sql.matchAll(/^CREATE (?:VIRTUAL )?TABLE `?(\w+)`?/gim)) {
        made.set(name, [...new Set([...(made.get(name) ?? []), folder])])
      }
    }
    const shared = [...made].filter(([, folders]) => folders.length > 1).map(([name]) => name)
    const platform = readFileSync('src/platform/db/platform-tables.ts', 'utf8')
    expect(shared.filter((name) => !platform.includes(`'${name}'`))).toEqual([])
    expect(
      ['users', 'products', 'product_words'].map((name) => made.get(name)?.map((folder) => basename(folder))),
    ).toEqual([['core'], ['catalog'], ['catalog']])
  })

  it('call the outside through one module: the linter knows the global fetch by whatever name (R45.10)', () => {
    const calls = ["fetch('x')", "globalThis.fetch('x')", "self.fetch('x')", '[fetch]', "new EventSource('x')"]
    const others = ['stub.fetch(request)', '{ fetch: (x: number) => x }', 'new URL(import.meta.url)']
    const lines = (all: string[]) =>
      all.map((code, i) => `export const call${i} = (stub: Fetcher) => ${code}\n`).join('')
    const guarded = ['src/features/a/b.ts', 'src/platform/a.ts', 'src/http/a.ts', 'src/a.ts', 'durable-objects/a/b.ts']
    const free = ['src/platform/resilience/outbound.ts', 'src/client/a.ts']
    const found = lint({
      ...Object.fromEntries([...guarded, ...free].map((file) => [file, lines(calls)])),
      'src/platform/resilience/other.ts': lines(others),
    })
    const rule = 'noRestrictedGlobals'
    expect(Object.fromEntries(guarded.map((file) => [file, found(file, rule)]))).toEqual(
      Object.fromEntries(guarded.map((file) => [file, calls.length])),
    )
    for (const file of [...free, 'src/platform/resilience/other.ts'])
      expect([file, found(file, rule)]).toEqual([file, 0])
  })

  it('of the pages talk to the server through the client alone: the linter knows every way around it', () => {
    const calls = [
      "fetch('/v1/data')",
      "new WebSocket('/ws')",
      "new EventSource('/events')",
      'new XMLHttpRequest()',
      "new BroadcastChannel('tabs')",
      ...['window', 'globalThis', 'self'].map((name) => `${name}.fetch('/v1/data')`),
    ]
    const text = calls.map((code, i) => `export const call${i} = () => ${code}\n`).join('')
    const found = lint({ 'src/web/admin/a.tsx': text, 'src/client/sockets/a.ts': text })
    expect(found('src/web/admin/a.tsx', 'noRestrictedGlobals')).toBe(calls.length)
    expect(found('src/client/sockets/a.ts', 'noRestrictedGlobals')).toBe(0)
  })
})

/** Lints these files by the project's rules, and counts what a rule finds in one of them. */
function lint(texts: Record<string, string>): (file: string, rule: string) => number {
  const folder = mkdtempSync(join(tmpdir(), 'selvage-lint-'))
  try {
    cpSync('biome.json', join(folder, 'biome.json'))
    for (const [file, text] of Object.entries(texts)) {
      mkdirSync(join(folder, dirname(file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    const biome = resolve('node_modules/@biomejs/biome/bin/biome')
    const args = [biome, 'lint', '--reporter=github', '--max-diagnostics=none', '.']
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    const found = stdout.replaceAll('\\', '/').split('\n')
    return (file, rule) => found.filter((line) => line.includes(`/${file},`) && line.includes(rule)).length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('wrangler.toml', () => {
  const bindings = [
    ...[toml.assets, ...toml.d1_databases, ...toml.kv_namespaces, ...toml.queues.producers].map(
      ({ binding }) => binding,
    ),
    ...toml.durable_objects.bindings.map(({ name }) => name),
    ...toml.ratelimits.map(({ name }) => name),
    ...toml.workflows.map(({ binding }) => binding),
  ]

  it('says all that the Worker needs but its secrets, and none of those (R47.5)', async () => {
    const { parseSettings } = await importSource<{ parseSettings(env: object): object }>('src/env.ts')
    const env = { ...Object.fromEntries(bindings.map((name) => [name, {}])), ...toml.vars }
    const read = async () => parseSettings(env)
    const complaint = String(await read().catch((error: unknown) => error))
    const missing = [...complaint.matchAll(/[:;] ([A-Z_]+):/g)].map(([, name]) => name)
    expect(missing).toEqual([
      ...['JWT_SIGNING_KEYS', 'REFRESH_TOKEN_KEYS', 'WS_TICKET_KEY'],
      ...['PASSING_TOKEN_KEY', 'MAILED_TOKEN_KEY', 'ENCRYPTION_KEYS'],
    ])
  })

  it('holds nothing that is named or looks like a secret, wherever variables stand in it (R47.5)', () => {
    const suspects = (vars: Record<string, unknown>) =>
      Object.entries(vars).filter(
        ([name, value]) =>
          /KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL|PRIVATE/i.test(name) ||
          /[\w+/=-]{32,}|-----BEGIN|"d"|\/\/[^/]*:[^/]*@/.test(JSON.stringify(value).slice(1, -1)),
      )
    expect(suspects({ WS_TICKET_KEY: 'x' })).toHaveLength(1)
    expect(suspects({ PLAIN: 'Jx0m7W5mRkq1N3yV9oPzK2sT4uLbC6dEfGhIjAaBbCc' })).toHaveLength(1)
    expect(suspects({ PLAIN: 'https://user:pass@example.com' })).toHaveLength(1)
    const variables = tablesNamed('vars', toml)
    expect(variables).toContainEqual(toml.vars)
    expect(variables.flatMap(suspects)).toEqual([])
  })
})

/** Every table of this name, however deep: environments have variables of their own. */
function tablesNamed(name: string, value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === name ? [inner as Record<string, unknown>] : []),
    ...tablesNamed(name, inner),
  ])
}

describe('drizzle.config.ts', () => {
  it('names the tables of each feature once: what it does not name has no migration', () => {
    const named = [...readFileSync('drizzle.config.ts', 'utf8').matchAll(/'\.\/(src\/[^']+)'/g)].map(([, name]) => name)
    const tables = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .map((file) => join('src', file).replaceAll('\\', '/'))
      .filter((file) => file.endsWith('tables.ts'))
    expect(tables.length).toBeGreaterThan(8)
    // Parts of a feature are named by one pattern; the platform's own tables are in every database.
    const isNamedBy = (file: string, name = '') => file === name || (name.includes('*') && matchesGlob(file, name))
    const namedOnce = (file: string) => named.filter((name) => isNamedBy(file, name)).length === 1
    expect(tables.filter((file) => !namedOnce(file))).toEqual([])
  })
})

describe('the packages', () => {
  type Versions = Record<string, string>
  const KINDS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const
  type Manifest = Partial<Record<(typeof KINDS)[number], Versions>>
  const manifest = readJson<Manifest>('package.json')
  const lock = readJson<{
    packages: Record<string, Manifest & { version?: string; integrity?: string; optional?: true }>
  }>('package-lock.json')
  const asked = KINDS.flatMap((kind) => Object.entries(manifest[kind] ?? {}))

  it('are each asked for in one exact version', () => {
    expect(asked.length).toBeGreaterThan(10)
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  it('are locked in that version, with a checksum', () => {
    const { '': root, ...locked } = lock.packages
    for (const kind of KINDS) expect(root?.[kind]).toEqual(manifest[kind])
    for (const [name, version] of asked) {
      expect(locked[`node_modules/${name}`], name).toMatchObject({
        version,
        integrity: expect.stringMatching(/^sha512-/),
      })
    }
    // npm knows no checksum of what it has never loaded: builds of tools for other platforms.
    const unchecked = Object.entries(locked).filter(([, { integrity, optional }]) => !integrity && !optional)
    expect(unchecked).toEqual([])
  })
})
