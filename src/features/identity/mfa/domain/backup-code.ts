/** Crockford's base32: no letter that is read as a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 120 random bits: from 112 on a plain hash at rest is enough, as nobody guesses them. */
const LENGTH = 24
const GROUP = 4

const BACKUP_CODE_COUNT = 10

/** Ten codes as people write them down: `K7MQ-2XWD-9RTB-HF4C-VN8J-3EPA`. */
export function newBackupCodes(): string[] {
  const codes = new Set<string>()
  while (codes.size < BACKUP_CODE_COUNT) {
    const bytes = crypto.getRandomValues(new Uint8Array(LENGTH))
    codes.add(grouped([...bytes].map((byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('')))
  }
  return [...codes]
}

/** The code as it is compared: whatever case, dashes and spaces, and with what is easily misread put right. */
export function normalBackupCode(text: string): string {
  return text
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
}

function grouped(code: string): string {
  return (code.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-')
}
