import type { Example, World } from './examples.ts'

export const API_KEY_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {}
