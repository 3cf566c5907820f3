import type { Example, World } from './examples.ts'

export const PROVIDER_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {}
