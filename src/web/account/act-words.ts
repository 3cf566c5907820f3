const WORDS: Record<string, string> = {
  USER_REGISTERED: 'The account was made',
  SIGNED_IN: 'Signed in',
  FIRST_STEP_DONE: 'The first of two steps of a sign-in was done',
  STEPPED_UP: 'Showed anew who they are',
  MFA_SETUP: 'An authenticator app was set up',
  MFA_ENABLED: 'Two-step sign-in was switched on',
  MFA_DISABLED: 'Two-step sign-in was switched off',
  BACKUP_CODE_USED: 'A backup code was used',
  BACKUP_CODES_RENEWED: 'New backup codes were made',
  SESSIONS_REVOKED: 'Signed out',
  ACCOUNT_DELETED: 'The account was deleted by its holder',
  ACCOUNT_ERASED: 'What was left of the account was erased',
  PASSKEY_ADDED: 'A passkey was added',
  PASSKEY_REMOVED: 'A passkey was removed',
  PASSKEY_COUNTER_WENT_BACK: 'A copy of a passkey was refused',
  API_KEY_CREATED: 'An API key was made',
  API_KEY_REVOKED: 'An API key was revoked',
  TIER_CHANGED: 'The tier was changed',
}

/** What an entry of the trail says to whom it concerns; a name that is not known yet is at least readable. */
export function actInWords(action: string): string {
  const words = action.toLowerCase().replaceAll('_', ' ')
  return WORDS[action] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
