const MAX_LENGTH = 100

/**
 * A name that a provider tells, as an account may have it: without control characters, not too long. Where it tells
 * none, the address has one.
 */
export function outsideNames(
  told: { firstName: string; lastName: string },
  email: string,
): { firstName: string; lastName: string } {
  const firstName = cleaned(told.firstName)
  const lastName = cleaned(told.lastName)
  if (firstName !== '') return { firstName, lastName }
  return lastName === '' ? { firstName: nameInAddress(email), lastName: '' } : { firstName: lastName, lastName: '' }
}

function cleaned(text: string): string {
  const plain = text.toWellFormed().replaceAll(/[\p{Cc}\p{Cs}]/gu, ' ')
  return [...plain.replaceAll(/\s+/g, ' ').trim()].slice(0, MAX_LENGTH).join('').trim()
}

/** `ann.oneil+news@…` is Ann. */
function nameInAddress(email: string): string {
  const [word = ''] = email.split(/[@.+_-]/).filter((part) => part !== '')
  return word === '' ? 'Somebody' : word.charAt(0).toUpperCase() + word.slice(1, MAX_LENGTH)
}
