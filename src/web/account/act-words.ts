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
  ROLE_CHANGE: 'The role was changed',
  PERMISSION_GRANTED: 'A permission was granted',
  PERMISSION_REVOKED: 'A permission was taken back',
  PERMISSION_DENIED: 'A permission was denied',
  PERMISSION_DENIAL_LIFTED: 'A denied permission was given back',
  RESOURCE_PERMISSION_GRANTED: 'Something of somebody else’s was opened to the account',
  RESOURCE_PERMISSION_REVOKED: 'Something of somebody else’s was closed to the account',
  USER_DEACTIVATED: 'The account was closed by an admin',
  USER_REACTIVATED: 'The account was opened again by an admin',
  ACCESS_DENIED: 'Something was refused',
}

/** What an entry of the trail says to whom it concerns; a name that is not known yet is at least readable. */
export function actInWords(action: string): string {
  const words = action.toLowerCase().replaceAll('_', ' ')
  return WORDS[action] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
