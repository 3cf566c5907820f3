import { defineConfig } from 'drizzle-kit'

/** The tables of each database, each in the feature that owns them. `npm run db:generate -- core add_x` */
const PLATFORM = './src/platform/db/platform-tables.ts'
const SCHEMAS: Record<string, string[]> = {
  core: [
    PLATFORM,
    './src/features/identity/tables.ts',
    './src/features/identity/access/tables.ts',
    './src/features/identity/api-keys/tables.ts',
    './src/features/identity/mfa/tables.ts',
    './src/features/identity/passkeys/tables.ts',
    './src/features/identity/providers/tables.ts',
    './src/features/identity/recovery/tables.ts',
    './src/platform/mail/tables.ts',
    './src/features/people/tables.ts',
    './src/features/chat/tables.ts',
    './src/features/moderation/tables.ts',
    './src/features/operations/tables.ts',
  ],
  activity: [PLATFORM, './src/features/notifications/tables.ts'],
  catalog: [
    PLATFORM,
    './src/features/catalog/tables.ts',
    './src/features/catalog/reviews/tables.ts',
    './src/features/long-work/tables.ts',
  ],
}

const database = process.env.DATABASE ?? ''
const schema = SCHEMAS[database]
if (!schema) throw new Error(`DATABASE must be one of ${Object.keys(SCHEMAS).join(', ')}`)

export default defineConfig({ dialect: 'sqlite', schema, out: `./migrations/${database}` })
