/** How much of the API a person may use; the figures are in `src/platform/rate-limit/policies.ts`. */
export const TIERS = ['free', 'basic', 'premium', 'enterprise'] as const
export type Tier = (typeof TIERS)[number]
