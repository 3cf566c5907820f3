import type { PasswordReset } from '../../client/index.ts'

/** What besides a password lets in to an account, as a list in words; null where nothing does. */
export function waysInWords({ passkeys, apiKeys, linkedAccounts }: PasswordReset['stillLetsIn']): string | null {
  const parts = [
    counted(passkeys, 'passkey'),
    counted(apiKeys, 'API key'),
    counted(linkedAccounts, 'linked account'),
  ].filter((part) => part !== null)
  const last = parts.pop()
  if (last === undefined) return null
  return parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
}

function counted(count: number, noun: string): string | null {
  if (count === 0) return null
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`
}
