const WORDS: Record<string, string> = {
  USER_REGISTERED: 'The account was made',
  SIGNED_IN: 'Signed in',
  SESSIONS_REVOKED: 'Signed out',
  TIER_CHANGED: 'The tier was changed',
  PASSWORD_RESET_MAILED: 'A link to reset the password was mailed',
  PASSWORD_RESET_SUCCESS: 'The password was reset',
  PASSWORD_RESET_FAILED: 'A link to reset the password was tried in vain',
  PASSWORD_CHANGED: 'The password was changed',
  EMAIL_VERIFICATION_MAILED: 'A link to verify the address was mailed',
  EMAIL_VERIFIED: 'The address was verified',
  EMAIL_VERIFICATION_FAILED: 'A link to verify the address was tried in vain',
  EMAIL_CHANGE_REQUEST: 'Another address was asked for',
  EMAIL_CHANGE_MAILED: 'A link to confirm another address was mailed',
  EMAIL_CHANGED: 'The address was changed',
}

/** What an entry of the trail says to whom it concerns; a name that is not known yet is at least readable. */
export function actInWords(action: string): string {
  const words = action.toLowerCase().replaceAll('_', ' ')
  return WORDS[action] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
