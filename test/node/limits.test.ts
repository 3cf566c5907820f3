import { describe, expect, it } from 'vitest'
import { POLICIES } from '../../src/platform/rate-limit/policies.ts'
import { readWranglerToml } from '../support/node/wrangler-toml.ts'

const { ratelimits } = readWranglerToml()

describe('the limits that the platform counts', () => {
  it('are those of the tiers and of anonymous callers (R45.1, R46.1)', () => {
    const tiers = ['anonymous', 'free', 'basic', 'premium', 'enterprise'] as const
    const declared = tiers.map((tier) => {
      const { limit, windowMs } = POLICIES[tier].rule as { limit: number; windowMs: number }
      return { name: `LIMIT_${tier.toUpperCase()}`, simple: { limit, period: windowMs / 1_000 } }
    })
    expect(ratelimits.map(({ name, simple }) => ({ name, simple }))).toEqual(declared)
    expect(declared.map(({ simple }) => simple.limit)).toEqual([60, 100, 1_000, 10_000, 100_000])
  })

  it('are counted apart', () => {
    expect(new Set(ratelimits.map(({ namespace_id }) => namespace_id)).size).toBe(ratelimits.length)
  })
})
