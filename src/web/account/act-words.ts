const WORDS: Record<string, string> = {
  USER_REGISTERED: 'The account was made',
  SIGNED_IN: 'Signed in',
  SESSIONS_REVOKED: 'Signed out',
  ACCOUNT_DELETED: 'The account was deleted by its holder',
  ACCOUNT_ERASED: 'What was left of the account was erased',
  TIER_CHANGED: 'The tier was changed',
}

/** What an entry of the trail says to whom it concerns; a name that is not known yet is at least readable. */
export function actInWords(action: string): string {
  const words = action.toLowerCase().replaceAll('_', ' ')
  return WORDS[action] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
