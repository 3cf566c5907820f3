import type { Result, Router } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/** What hono finds: a handler, and the route that it was registered for. */
type Registered = [handler: unknown, route: { path: string }]

/**
 * Finds by hono's tree, and remembers what it has found for paths that are routes themselves: of those there are no more
 * than routes. The tree is looked through for each of its branches, which costs more than all else about a plain path.
 */
export class RememberingRouter<T extends Registered> implements Router<T> {
  readonly name = 'RememberingRouter'
  readonly #tree = new TrieRouter<T>()
  readonly #known = new Map<string, Result<T>>()

  add(method: string, path: string, handler: T): void {
    this.#tree.add(method, path, handler)
    this.#known.clear()
  }

  match(method: string, path: string): Result<T> {
    const key = `${method} ${path}`
    const known = this.#known.get(key)
    if (known) return known
    const result = this.#tree.match(method, path)
    if (result[0].some(([[, route]]) => route.path === path)) this.#known.set(key, result)
    return result
  }
}
