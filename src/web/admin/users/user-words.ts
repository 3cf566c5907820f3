import type { UserSummary } from '../../../client/index.ts'

export const ROLE_NAMES: Record<UserSummary['role'], string> = {
  guest: 'Guest',
  user: 'User',
  moderator: 'Moderator',
  admin: 'Admin',
}

export const TIER_NAMES: Record<UserSummary['tier'], string> = {
  free: 'Free',
  basic: 'Basic',
  premium: 'Premium',
  enterprise: 'Enterprise',
}
