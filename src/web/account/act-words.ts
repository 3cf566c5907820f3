import type { AuditSearch } from '../../client/index.ts'

type Act = NonNullable<AuditSearch['action']>

/** Of every act that there is: one without words does not compile. */
const WORDS: Record<Act, string> = {
  USER_REGISTERED: 'The account was made',
  USER_CREATED: 'The account was made by an admin',
  USER_UPDATED: 'What the account says of its holder was changed',
  SIGNED_IN: 'Signed in',
  FIRST_STEP_DONE: 'The first of two steps of a sign-in was done',
  STEPPED_UP: 'Showed anew who they are',
  MFA_SETUP: 'An authenticator app was set up',
  MFA_ENABLED: 'Two-step sign-in was switched on',
  MFA_DISABLED: 'Two-step sign-in was switched off',
  BACKUP_CODE_USED: 'A backup code was used',
  BACKUP_CODES_RENEWED: 'New backup codes were made',
  SESSIONS_REVOKED: 'Signed out',
  WAYS_IN_TAKEN_BACK: 'Passkeys and API keys taken back',
  ACCOUNT_DELETED: 'The account was deleted by its holder',
  ACCOUNT_ERASED: 'What was left of the account was erased',
  PASSKEY_ADDED: 'A passkey was added',
  PASSKEY_REMOVED: 'A passkey was removed',
  PASSKEY_COUNTER_WENT_BACK: 'A copy of a passkey was refused',
  API_KEY_CREATED: 'An API key was made',
  API_KEY_REVOKED: 'An API key was revoked',
  PROVIDER_LINKED: 'An account elsewhere was linked',
  PROVIDER_UNLINKED: 'An account elsewhere was unlinked',
  TIER_CHANGED: 'The tier was changed',
  PASSWORD_RESET_REQUEST: 'A link to reset a password was asked for',
  PASSWORD_RESET_MAILED: 'A link to reset the password was mailed',
  PASSWORD_RESET_SUCCESS: 'The password was reset',
  PASSWORD_RESET_FAILED: 'A link to reset the password was tried in vain',
  PASSWORD_CHANGED: 'The password was changed',
  EMAIL_VERIFICATION_REQUEST: 'A link to verify an address was asked for',
  EMAIL_VERIFICATION_MAILED: 'A link to verify the address was mailed',
  EMAIL_VERIFIED: 'The address was verified',
  EMAIL_VERIFICATION_FAILED: 'A link to verify the address was tried in vain',
  EMAIL_CHANGE_REQUEST: 'Another address was asked for',
  EMAIL_CHANGE_MAILED: 'A link to confirm another address was mailed',
  EMAIL_CHANGED: 'The address was changed',
  PRODUCT_PUBLISHED: 'A product was published',
  PRODUCT_ARCHIVED: 'A product was archived',
  PRODUCTS_PROCESSED: 'Many products were changed at once',
  OPERATION_CANCELLED: 'Long work of somebody else was stopped',
  CATEGORY_DELETED: 'A category was deleted',
  REVIEW_HIDDEN: 'A review was hidden',
  REVIEW_RESTORED: 'A hidden review was shown again',
  ROLE_CHANGE: 'The role was changed',
  PERMISSION_GRANTED: 'A permission was granted',
  PERMISSION_REVOKED: 'A permission was taken back',
  PERMISSION_DENIED: 'A permission was denied',
  PERMISSION_DENIAL_LIFTED: 'A denied permission was given back',
  RESOURCE_PERMISSION_GRANTED: 'Something of somebody else’s was opened to the account',
  RESOURCE_PERMISSION_REVOKED: 'Something of somebody else’s was closed to the account',
  USER_SESSIONS_ENDED: 'The account was signed out everywhere by an admin',
  USER_DEACTIVATED: 'The account was closed by an admin',
  USER_REACTIVATED: 'The account was opened again by an admin',
  ACCESS_DENIED: 'Something was refused',
  DEAD_LETTER_REDRIVEN: 'A message that had failed was sent again',
  DEAD_LETTER_DISCARDED: 'A message that had failed was discarded',
  REPORT_DISMISSED: 'A report was dismissed',
  REPORT_UPHELD: 'A report was upheld',
  REPORTED_MESSAGE_DELETED: 'A message that was reported was deleted',
}

export const ACTS = Object.keys(WORDS) as Act[]

export function isAct(text: string | undefined): text is Act {
  return text !== undefined && Object.hasOwn(WORDS, text)
}

/** What an entry of the trail says to whom it concerns; a name that is not known yet is at least readable. */
export function actInWords(action: string): string {
  const words = action.toLowerCase().replaceAll('_', ' ')
  return isAct(action) ? WORDS[action] : words.charAt(0).toUpperCase() + words.slice(1)
}
