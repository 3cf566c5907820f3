import { describe, expect, it } from 'vitest'
import { contractedRoutes } from '../../src/http/openapi/routes.ts'
import { createApi } from '../support/api.ts'

// biome-ignore lint/suspicious/noExplicitAny: a document of any shape, looked into by its tests.
type Document = any
const api = createApi()
const load = async (): Promise<Document> => (await api.get('/openapi/v1.json')).body

describe('the OpenAPI document', () => {
  it('has every route, under its path and method', async () => {
    const [first, second] = [await load(), (await api.get('/openapi/v2.json')).body as Document]
    const paths = { ...first.paths, ...second.paths }
    const routes = contractedRoutes(api.app)
    for (const { method, path } of routes) {
      const operation = paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      expect(operation, `${method} ${path}`).toMatchObject({ summary: expect.any(String), tags: [expect.any(String)] })
    }
    const operationIds = Object.values(paths)
      .flatMap((item) => Object.values(item as object))
      .map((o) => o.operationId)
    expect(new Set(operationIds).size).toBe(routes.length)
  })

  it('has a title, a description, the version 1.0, tokens as its scheme, and groups (R1.17)', async () => {
    const { info, components, security, paths } = await load()
    expect(info).toMatchObject({ title: expect.stringMatching(/\S/), description: expect.stringMatching(/\S/) })
    expect(info.version).toBe('1.0')
    expect(components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' })
    expect(security).toEqual([{ bearer: [] }])
    expect(paths['/v1/users'].get.tags).toEqual(['Users'])
  })

  it('says of every operation what it does, with which codes, and what the answer looks like (R1.18)', async () => {
    for (const version of ['1', '2']) {
      const { paths } = (await api.get(`/openapi/v${version}.json`)).body as Document
      for (const [path, item] of Object.entries(paths as Record<string, Document>)) {
        for (const [method, { summary, responses }] of Object.entries(item as Record<string, Document>)) {
          const { default: refusal, ...answers } = responses
          const name = `${method} ${path}`
          expect([name, summary]).toEqual([name, expect.stringMatching(/\S/)])
          expect([name, Object.keys(answers)]).toEqual([
            name,
            expect.arrayContaining([expect.stringMatching(/^[125]\d\d$/)]),
          ])
          expect([name, Object.keys(refusal.content)]).toEqual([name, ['application/json', 'application/problem+json']])
          for (const [status, { description, content }] of Object.entries(answers as Record<string, Document>)) {
            const schema = content?.['application/json']?.schema
            expect([name, status, description, schema]).toEqual([
              name,
              status,
              expect.stringMatching(/\S/),
              ['101', '204'].includes(status) ? undefined : expect.any(Object),
            ])
          }
        }
      }
    }
    const { paths } = await load()
    expect([Object.keys(paths['/v1/users'].get.responses), Object.keys(paths['/v1/users'].post.responses)]).toEqual([
      ['200', 'default'],
      ['201', 'default'],
    ])
  })

  it('is made from the schemas that validate: bodies as they go in, answers as they come out', async () => {
    const { paths, components } = await load()
    const register = paths['/v1/auth/register'].post
    expect(register.security).toEqual([])
    expect(register.requestBody.content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/RegisterBody',
    })
    expect(components.schemas.RegisterBody).toMatchObject({
      additionalProperties: false,
      required: ['email', 'password', 'firstName', 'lastName'],
    })
    const room = paths['/v1/chat/rooms/{id}'].get
    expect(room.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: expect.objectContaining({ format: 'uuid' }) },
    ])
  })

  it('shows what is read as a number as that number, with its bounds and default', async () => {
    const { paths } = await load()
    const limit = paths['/v1/chat/rooms'].get.parameters.find(({ name }: { name: string }) => name === 'limit')
    expect(limit).toEqual({
      name: 'limit',
      in: 'query',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    })
  })

  it('says how many bytes a body may have, and that a socket takes a ticket or a token', async () => {
    const { paths, components } = await load()
    const bytes = (path: string) => paths[path].post.requestBody['x-max-bytes']
    expect([bytes('/v1/auth/login'), bytes('/v1/chat/rooms/{id}/messages')]).toEqual([16 * 1_024, 64 * 1_024])
    expect(paths['/v1/notifications/ws'].get.security).toEqual([{ ticket: [] }, { bearer: [] }])
    expect(components.securitySchemes.ticket).toMatchObject({ type: 'apiKey', in: 'query', name: 'ticket' })
  })

  it('refers to nothing that it does not hold', async () => {
    const document = await load()
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    )
    expect(references.length).toBeGreaterThan(10)
    for (const name of references) expect(document.components.schemas).toHaveProperty(name ?? '')
  })
})
