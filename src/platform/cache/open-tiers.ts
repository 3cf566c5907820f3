import type { CacheTier } from './cache-tier.ts'
import { createEdgeTier } from './edge-tier.ts'
import { IsolateTier } from './isolate-tier.ts'
import { createUpstashTier } from './upstash-tier.ts'

interface TierSettings {
  CACHE_TIERS: readonly ('isolate' | 'edge' | 'shared')[]
  UPSTASH_REDIS_REST_URL?: string | undefined
  UPSTASH_REDIS_REST_TOKEN?: string | undefined
}

/** A cache that answers later is slower than what it stands for. */
const TIMEOUT_MS = 250

/** The tiers that the settings name, nearest first. */
export function openTiers(settings: TierSettings): CacheTier[] {
  const { CACHE_TIERS: wanted, UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = settings
  return [
    ...(wanted.includes('isolate') ? [new IsolateTier()] : []),
    ...(wanted.includes('edge') ? [createEdgeTier('selvage')] : []),
    ...(wanted.includes('shared') && url && token ? [createUpstashTier({ url, token, timeoutMs: TIMEOUT_MS })] : []),
  ]
}
