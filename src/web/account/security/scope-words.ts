import type { ApiKey } from '../../../client/index.ts'

export type Scope = ApiKey['scopes'][number]

/** The two that are offered to everybody; every other scope is a permission that its owner holds. */
export const PLAIN_SCOPES: readonly { scope: Scope; label: string; hint: string }[] = [
  { scope: 'read', label: 'Read', hint: 'See what you see: your conversations, notifications and the like.' },
  { scope: 'write', label: 'Write', hint: 'Do what you do: send messages, change what is yours.' },
]

/** `view:logs` as people read it: `view logs`. */
export function permissionWords(permission: string): string {
  const words = permission.replace(':', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a key may do, in a few words. */
export function scopesInWords(scopes: readonly Scope[]): string {
  const plain = PLAIN_SCOPES.filter(({ scope }) => scopes.includes(scope)).map(({ label }) => label.toLowerCase())
  const rest = scopes.filter((scope) => scope !== 'read' && scope !== 'write').map((scope) => scope.replace(':', ' '))
  const words = [...plain, ...rest].join(', ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
