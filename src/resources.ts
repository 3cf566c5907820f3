import type { Resource } from './context.ts'
import { identityResources } from './features/identity/index.ts'

/** What may be lent, one by one, by its type: as stored with each grant, so a name never changes. */
export const RESOURCES: Record<string, Resource> = { ...identityResources }
