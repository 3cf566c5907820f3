import type { Example, World } from './examples.ts'

export const MFA_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {}
