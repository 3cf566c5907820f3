import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { GITHUB } from './github-client.ts'

/** Settings of a test run: fresh keys, and any host. Runs in Node, before workerd starts. */
export function testSettings(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'test-key', alg: 'ES256', use: 'sig' }
  return {
    ENVIRONMENT: 'test',
    LOG_LEVEL: 'error',
    ALLOWED_HOSTS: '*',
    ALLOWED_ORIGINS: 'https://app.example',
    JWT_SIGNING_KEYS: JSON.stringify([key]),
    REFRESH_TOKEN_KEYS: randomBytes(32).toString('base64url'),
    WS_TICKET_KEY: randomBytes(32).toString('base64url'),
    PASSING_TOKEN_KEY: randomBytes(32).toString('base64url'),
    MAILED_TOKEN_KEY: randomBytes(32).toString('base64url'),
    ENCRYPTION_KEYS: `test=${randomBytes(32).toString('hex')}`,
    SIGN_IN_PROVIDERS: JSON.stringify([GITHUB]),
    MAIL_ADAPTER: 'mailbox',
    FRONTEND_URL: 'http://localhost:8787',
    // A test of a limit sets its own.
    RATE_LIMIT_SCALE: '10000',
    RATE_LIMIT_TIMEOUT_MS: '5000',
    // Nothing is told on the side while a test counts calls; a test of the figures sets its own.
    FIGURES_EVERY_MS: '0',
    // Tests write into tables, past whatever is remembered of them; a test of the cache sets its own.
    CACHE_TIERS: '',
    BOOTSTRAP_ADMIN_EMAIL: 'root@selvage.test',
    BOOTSTRAP_ADMIN_PASSWORD: 'First-Admin-Pa55!',
  }
}
