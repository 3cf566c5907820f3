import type { Example, World } from './examples.ts'

export const ACCOUNT_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {}
