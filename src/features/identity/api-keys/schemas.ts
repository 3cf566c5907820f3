import * as z from 'zod'
import { Id } from '../../../platform/id-schema.ts'
import { lineOfText } from '../../../platform/text.ts'
import { SCOPES } from '../domain/scopes.ts'
import { MAX_KEY_DAYS } from './queries.ts'

const KeyName = lineOfText({ min: 1, max: 60 })

export const CreateApiKeyBody = z
  .strictObject({
    /** What it is for: its owner knows it again by that. */
    name: KeyName,
    scopes: z
      .array(z.enum(SCOPES))
      .min(1)
      .max(SCOPES.length)
      .refine((scopes) => new Set(scopes).size === scopes.length, 'Name each scope once')
      .meta({ uniqueItems: true, examples: [['read']] }),
    expiresInDays: z.int().min(1).max(MAX_KEY_DAYS),
  })
  .meta({ id: 'CreateApiKeyBody' })
export type CreateApiKeyBody = z.output<typeof CreateApiKeyBody>

export const RenameApiKeyBody = z.strictObject({ name: KeyName }).meta({ id: 'RenameApiKeyBody' })

export const ApiKeyId = z.object({ id: Id })

export const ApiKeyView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** The last characters of the key. */
    hint: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: z.iso.datetime(),
    /** Past: it is good for nothing any more. */
    expiresAt: z.iso.datetime(),
    /** To the minute. */
    lastUsedAt: z.iso.datetime().nullable(),
    lastUsedIp: z.string().nullable(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKeyView = z.output<typeof ApiKeyView>

/** The only answer that holds the key itself. */
export const NewApiKey = ApiKeyView.extend({ key: z.string() }).meta({ id: 'NewApiKey' })
export type NewApiKey = z.output<typeof NewApiKey>
