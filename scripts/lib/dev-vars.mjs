import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import util from 'node:util'
import { ROOT } from './cli.mjs'

const DEV_VARS = resolve(ROOT, '.dev.vars')
const OWNER_ONLY = 0o600

const HEADING = `# Settings of this machine, written by \`npm start\`. Not in git: the keys are secrets.
`

// The longest-lived settings first. Every value is made on first need and then kept.
const MAKERS = {
  ENVIRONMENT: () => 'development',
  LOG_LEVEL: () => 'info',
  // Either name of this machine, on any port.
  ALLOWED_HOSTS: () => 'localhost,127.0.0.1',
  JWT_SIGNING_KEYS: () => `'${JSON.stringify([makeSigningKey()])}'`,
  REFRESH_TOKEN_KEYS: makeKey,
  WS_TICKET_KEY: makeKey,
  PASSING_TOKEN_KEY: makeKey,
  MAILED_TOKEN_KEY: makeKey,
  ENCRYPTION_KEYS: () => `first=${randomBytes(32).toString('hex')}`,
  MAIL_ADAPTER: () => 'mailbox',
  // Limits as in production would stop tools and people on a laptop.
  RATE_LIMIT_SCALE: () => '100',
  // A laptop that hashes a password hears nothing else meanwhile.
  RATE_LIMIT_TIMEOUT_MS: () => '5000',
  BOOTSTRAP_ADMIN_EMAIL: () => 'admin@selvage.test',
  BOOTSTRAP_ADMIN_PASSWORD: makePassword,
}

/**
 * Writes .dev.vars when it is missing, adds the names that it lacks, and leaves every other line alone.
 * @returns {{ vars: Record<string, string>, added: string[] }} what the Worker will read, and the names written now
 */
export function ensureDevVars() {
  const present = existsSync(DEV_VARS)
  const text = present ? readFileSync(DEV_VARS, 'utf8') : ''
  const known = util.parseEnv(text)
  const added = Object.keys(MAKERS).filter((name) => !(name in known))
  const lines = added.map((name) => `${name}=${MAKERS[name]()}\n`).join('')
  if (!present) writeFileSync(DEV_VARS, HEADING + lines, { mode: OWNER_ONLY })
  else if (added.length > 0) appendFileSync(DEV_VARS, (text === '' || text.endsWith('\n') ? '' : '\n') + lines)
  return { vars: util.parseEnv(readFileSync(DEV_VARS, 'utf8')), added }
}

/** A private ES256 key with the id that its public half is published under. */
function makeSigningKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex'), alg: 'ES256', use: 'sig' }
}

function makeKey() {
  return randomBytes(32).toString('base64url')
}

/** Four groups to read aloud, about 90 bits, with the four kinds of characters that the policy asks for. */
function makePassword() {
  const alphabet = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')
  const password = [group(), group(), group(), group()].join('-')
  return [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(password)) ? password : makePassword()
}
