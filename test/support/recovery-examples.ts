import type { Example, World } from './examples.ts'

export const RECOVERY_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {}
