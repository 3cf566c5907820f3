import type { Example, World } from './examples.ts'

export const PASSKEY_EXAMPLES: Record<string, (world: World) => Example | Promise<Example>> = {}
