import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { validate } from '@readme/openapi-parser'
import { generateApi } from 'swagger-typescript-api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { apiDocument } from '../../scripts/lib/api-document.mjs'

const run = promisify(execFile)
// Both tools write into what they are given: each gets its own.
type Paths = Record<string, Record<string, { operationId: string }>>
const documents = new Map<string, string>()
let folder: string

beforeAll(async () => {
  for (const version of ['1', '2']) documents.set(version, JSON.stringify(await apiDocument(version)))
  folder = await mkdtemp(join(tmpdir(), 'selvage-outside-clients-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const documentOf = (version: string) => JSON.parse(documents.get(version) ?? '') as { paths: Paths }

it.each(['1', '2'])(
  'a validator of others finds nothing wrong with the document of version %s (R1.18)',
  async (version) => {
    expect(await validate(documentOf(version) as never)).toMatchObject({ valid: true, warnings: [] })
    const slip = documentOf(version)
    for (const item of Object.values(slip.paths))
      for (const operation of Object.values(item)) operation.operationId = 'x'
    expect(await validate(slip as never)).toMatchObject({ valid: false })
  },
)

/** What a person would write who was given nothing but the document. */
const CALLERS = {
  1: `
import { Api, type HttpResponse, type Problem, ProblemCode } from './client'
const api = new Api({ baseUrl: 'https://api.example' })
export async function cheapest(): Promise<string | undefined> {
  const { data } = await api.v1.getProducts({ limit: 5, sort: 'price', 'price[gte]': 100, inStockOnly: 'true' })
  return 'meta' in data && Array.isArray(data.data) ? data.data[0]?.id : undefined
}
export async function rename(id: string, version: string): Promise<string> {
  try {
    const { data } = await api.v1.patchProductsId(id, { name: 'Lamp' }, { headers: { 'If-Match': version } })
    // @ts-expect-error A name is a text.
    await api.v1.patchProductsId(id, { name: 7 })
    return 'name' in data.data ? data.data.name : ''
  } catch (error) {
    const { code, errors = [] }: Problem = (error as HttpResponse<unknown, Problem>).error
    return code === ProblemCode.PRECONDITION_FAILED ? 'changed meanwhile' : errors.map(({ field }) => field).join()
  }
}
`,
  2: `
import { Api, type HttpResponse, type Problem, type UserV2 } from './client'
const api = new Api({ baseUrl: 'https://api.example' })
export async function nameOf(id: string): Promise<string> {
  const user: UserV2 = (await api.v2.getV2UsersId(id)).data.data
  // @ts-expect-error That is a user of version 1.
  user.name
  return [user.firstName, user.lastName].join(' ')
}
export async function rename(id: string): Promise<string | undefined> {
  // @ts-expect-error A name is a text.
  await api.v2.patchV2UsersId(id, { firstName: 7 })
  return api.v2.patchV2UsersId(id, { firstName: 'Ada' }).then(
    ({ data }) => data.meta.version,
    ({ error }: HttpResponse<unknown, Problem>) => error.errors?.[0]?.message,
  )
}
`,
}

it('a generator of others makes clients of both documents, which compile where they are strictly typed (R1.18, R3.19)', async () => {
  for (const version of ['1', '2'] as const) {
    const { files } = await generateApi({ spec: documentOf(version) as never, output: false, silent: true })
    await mkdir(join(folder, version))
    await writeFile(join(folder, version, 'client.ts'), files[0]?.fileContent ?? '')
    await writeFile(join(folder, version, 'caller.ts'), CALLERS[version])
  }
  const options = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'esnext', '--moduleResolution', 'bundler']
  const sources = ['1', '2'].map((version) => join(folder, version, 'caller.ts'))
  const tsc = [resolve('node_modules/typescript/bin/tsc'), ...options, '--lib', 'es2024,dom,dom.iterable', ...sources]
  const compiled = await run(process.execPath, tsc, { cwd: folder }).catch((error: { stdout: string }) => error)
  expect(compiled.stdout).toBe('')
})
