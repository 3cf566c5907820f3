/** The account in whose name services write. A migration makes it; nobody signs in to it, and nobody manages it. */
export const SYSTEM_USER_ID = '01930000-0000-7000-8000-000000000100'
