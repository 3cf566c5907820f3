import * as z from 'zod'
import { DAY_MS } from '../clock.ts'
import { openUpstash, type UpstashOptions, withoutCommand } from '../upstash.ts'
import { type CacheTier, newStamp, standing } from './cache-tier.ts'

/** The entry, and the stamp of each tag: made in the same step where there is none. */
const LOOK = `local found = {}
for i, key in ipairs(KEYS) do
  found[i] = redis.call('GET', key)
  if i > 1 and not found[i] then
    found[i] = ARGV[1] .. i
    redis.call('SET', key, found[i], 'PX', ARGV[2])
  end
  if not found[i] then found[i] = '' end
end
return found`

const Found = z.array(z.string()).min(1)

/** Upstash Redis: shared by all isolates, wherever they are. One request a call. */
export function createUpstashTier({ prefix = 'selvage:cache:', ...options }: UpstashOptions & { prefix?: string }) {
  const redis = openUpstash(options)
  const tagKey = (tag: string) => `${prefix}tag:${tag}`
  const entryKey = (key: string) => `${prefix}key:${key}`
  const tier: CacheTier = {
    name: 'shared',
    isRemote: true,
    async look(key, tags) {
      const keys = [entryKey(key), ...tags.map(tagKey)]
      const [text, ...stamps] = Found.parse(
        await plainly(() => redis.eval(LOOK, keys, [`${newStamp()}:`, String(DAY_MS)])),
      )
      if (stamps.length !== tags.length) throw new Error('Upstash has answered something else')
      return { entry: standing(text, stamps), stamps }
    },
    async keep(key, entry, keepMs) {
      await plainly(() => redis.set(entryKey(key), JSON.stringify(entry), { px: Math.max(1, Math.ceil(keepMs)) }))
    },
    async raise(tags) {
      if (tags.length === 0) return
      const pipeline = redis.pipeline()
      for (const tag of tags) pipeline.set(tagKey(tag), newStamp(), { px: DAY_MS })
      await plainly(() => pipeline.exec())
    },
  }
  return tier
}

async function plainly<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    throw withoutCommand(error)
  }
}
