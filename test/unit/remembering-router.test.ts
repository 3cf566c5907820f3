import { Hono } from 'hono'
import { TrieRouter } from 'hono/router/trie-router'
import type { RouterRoute } from 'hono/types'
import { expect, it, vi } from 'vitest'
import { RememberingRouter } from '../../src/http/remembering-router.ts'

function makeApp() {
  const app = new Hono({ router: new RememberingRouter() })
  app.use(async (c, next) => {
    await next()
    c.res.headers.append('passed', 'all')
  })
  app.use('/things/*', async (c, next) => {
    await next()
    c.res.headers.append('passed', 'things')
  })
  app.get('/things/all', (c) => c.text('all'))
  app.get('/things/:id', (c) => c.text(`one: ${c.req.param('id')}`))
  app.post('/things/all', (c) => c.text('made'))
  return app
}

it('finds the same again, each method and each parameter for itself', async () => {
  const app = makeApp()
  const ask = async (path: string, method = 'GET') => {
    const answer = await app.request(path, { method })
    return [answer.status, await answer.text(), answer.headers.get('passed')]
  }
  for (let time = 0; time < 3; time += 1) {
    expect(await ask('/things/all')).toEqual([200, 'all', 'things, all'])
    expect(await ask('/things/all', 'POST')).toEqual([200, 'made', 'things, all'])
    expect(await ask('/things/7')).toEqual([200, 'one: 7', 'things, all'])
    expect(await ask('/things/8')).toEqual([200, 'one: 8', 'things, all'])
    expect((await ask('/nothing'))[0]).toBe(404)
  }
})

it('remembers paths that are routes, and no path that somebody makes up', async () => {
  const search = vi.spyOn(TrieRouter.prototype, 'match')
  const app = makeApp()
  for (let time = 0; time < 3; time += 1) await app.request('/things/all')
  expect(search).toHaveBeenCalledTimes(1)
  for (let time = 0; time < 3; time += 1) await app.request('/things/7')
  for (let time = 0; time < 3; time += 1) await app.request('/nothing')
  expect(search).toHaveBeenCalledTimes(7)
})

it('knows what is added after it was asked', () => {
  const router = new RememberingRouter<[string, RouterRoute]>()
  const route = (path: string): RouterRoute => ({ path, method: 'GET', basePath: '/', handler: () => new Response() })
  router.add('GET', '/a', ['first', route('/a')])
  expect(router.match('GET', '/a')[0]).toHaveLength(1)
  router.add('GET', '/a', ['second', route('/a')])
  expect(router.match('GET', '/a')[0]).toHaveLength(2)
})
