import type { Example, World } from './examples.ts'

export const ACCESS_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {}
