import { readFileSync } from 'node:fs'
import { validate } from '@readme/openapi-parser'
import { beforeAll, describe, expect, it } from 'vitest'
import { apiDocument } from '../../scripts/lib/api-document.mjs'
import { type ApiDocument, joinDocuments } from '../../src/web/api-docs/join-documents.ts'

const read = (file: string) => readFileSync(`dist/web/${file}`, 'utf8')
let documents: ApiDocument[]
let joined: ApiDocument

beforeAll(async () => {
  documents = await Promise.all(['1', '2'].map(async (version) => (await apiDocument(version)) as ApiDocument))
  joined = joinDocuments(documents)
})

describe('the page at /api/docs', () => {
  it('offers the servers /v1 and /v2 in one document, of version 2.0 (R3.12)', async () => {
    expect(joined).toMatchObject({ info: { version: '2.0' }, servers: [{ url: '/v1' }, { url: '/v2' }] })
    expect(await validate(structuredClone(joined) as never)).toMatchObject({ valid: true, warnings: [] })
    expect(Object.keys(joined.paths).filter((path) => path.startsWith('/v'))).toEqual(['/version'])
  })

  it('tries every operation where it is, and none where it is not, whichever server is chosen (R3.12)', () => {
    const tried = Object.entries(joined.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { servers = joined.servers }]) =>
        servers.map(({ url }) => `${method} ${url === '/' ? '' : url}${path}`),
      ),
    )
    const offered = documents.flatMap(({ paths }) =>
      Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`)),
    )
    expect(tried.toSorted()).toEqual(offered.toSorted())
  })

  it('takes and answers what either version does, and demands what both demand', () => {
    const list = joined.paths['/users']?.get
    const names = list?.parameters?.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['role', 'search']))
    const answer = JSON.stringify(list?.responses[200]?.content?.['application/json']?.schema)
    expect([answer.includes('/ListedUserV1"'), answer.includes('/UserV2"')]).toEqual([true, true])
    expect([list?.deprecated, list?.description?.includes('/v1 and /v2')]).toEqual([false, true])
    const one = joined.paths['/users/{id}']?.get?.parameters
    expect(one?.find(({ name }) => name === 'id')?.required).toBe(true)
  })

  it('leads to the page of each version, which has its document alone (R3.12)', () => {
    const pages = ['api/docs.html', 'api/v1/docs.html', 'api/v2/docs.html'].map(read)
    for (const page of pages) {
      expect([...page.matchAll(/<a href="([^"]+)"/g)].map(([, to]) => to)).toEqual([
        '/api/docs',
        '/api/v1/docs',
        '/api/v2/docs',
      ])
    }
    const [, script = ''] = /<script type="module" src="\/([^"]+)"/.exec(pages[0] ?? '') ?? []
    expect(read(script)).toContain('/openapi/v')
  })
})
