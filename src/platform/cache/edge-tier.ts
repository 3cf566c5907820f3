import { DAY_MS, SECOND_MS } from '../clock.ts'
import { type CacheEntry, type CacheTier, newStamp, standing } from './cache-tier.ts'

/** Of nobody: the Cache API wants an address, and `.invalid` never is one of a request. */
const ORIGIN = 'https://cache.invalid'

/**
 * The Cache API: shared by the isolates of one place, and by no other. All that an answer varies by stands in the key,
 * as `Vary` is not heeded there; how stale it may be stands in the entry, as `stale-while-revalidate` is not either.
 */
export function createEdgeTier(name: string): CacheTier {
  const cache = () => caches.open(name)
  const textAt = async (path: string) => (await (await cache()).match(`${ORIGIN}${path}`))?.text()
  const put = async (path: string, text: string, keepMs: number) => {
    const headers = { 'cache-control': `public, max-age=${Math.max(1, Math.ceil(keepMs / SECOND_MS))}` }
    await (await cache()).put(`${ORIGIN}${path}`, new Response(text, { headers }))
  }
  const stampOf = async (tag: string) => {
    const known = await textAt(tagPath(tag))
    if (known !== undefined) return known
    // Before anything is loaded: were it made after that, it could undo what was raised meanwhile.
    const stamp = newStamp()
    await put(tagPath(tag), stamp, DAY_MS)
    return stamp
  }
  return {
    name: 'edge',
    isRemote: true,
    async look(key, tags) {
      const [text, ...stamps] = await Promise.all([textAt(keyPath(key)), ...tags.map(stampOf)])
      return { entry: standing(text, stamps), stamps }
    },
    keep: (key, entry: CacheEntry, keepMs) => put(keyPath(key), JSON.stringify(entry), keepMs),
    async raise(tags) {
      await Promise.all(tags.map((tag) => put(tagPath(tag), newStamp(), DAY_MS)))
    },
  }
}

const keyPath = (key: string) => `/key/${encodeURIComponent(key.toWellFormed())}`
const tagPath = (tag: string) => `/tag/${encodeURIComponent(tag.toWellFormed())}`
