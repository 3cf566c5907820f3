import type { ServiceContext } from '../../context.ts'
import { quotaOf } from '../../platform/rate-limit/limiter.ts'
import { POLICIES, type PolicyName, policyOf, scaledRule, windowSeconds } from '../../platform/rate-limit/policies.ts'
import type { Limits } from './schemas.ts'

/** Every limit as it holds here, `RATE_LIMIT_SCALE` applied. Reads nothing. */
export function readLimits({ settings }: ServiceContext): Limits {
  const { RATE_LIMIT_SCALE: scale, UPSTASH_REDIS_REST_URL: upstash } = settings
  const policies = (Object.keys(POLICIES) as PolicyName[]).map((name) => {
    const policy = policyOf(name)
    const rule = scaledRule(policy, scale)
    return {
      name,
      by: policy.by,
      algorithm: rule.algorithm,
      limit: quotaOf(rule),
      windowSeconds: windowSeconds(rule),
      refillPerSecond: rule.algorithm === 'token-bucket' ? rule.refillPerSecond : null,
      exact: policy.exact,
      onOutage: policy.onOutage,
      perRoute: policy.perRoute ?? false,
      whenSucceeds: policy.whenSucceeds ?? null,
      isLockOut: policy.isLockOut ?? false,
    }
  })
  return { scale, countedBy: upstash === undefined ? 'objects' : 'upstash', policies }
}
