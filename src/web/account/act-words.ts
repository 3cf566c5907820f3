const WORDS: Record<string, string> = {
  USER_REGISTERED: 'The account was made',
  SIGNED_IN: 'Signed in',
  SESSIONS_REVOKED: 'Signed out',
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
