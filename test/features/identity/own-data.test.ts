import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import type { AccountExport } from '../../../src/features/identity/account/schemas.ts'
import { createApi } from '../../support/api.ts'
import { fillTables } from '../../support/erasure.ts'
import { makeGroup } from '../../support/membership.ts'

const api = createApi()

it('the data that one takes away is from every store, and tells no secret', async () => {
  const { owner: ann, members, room } = await makeGroup(api)
  await fillTables(ann.id, members[0].id)
  await env.DB.prepare('update users set mfa_enabled_at = 1 where id = ?').bind(ann.id).run()
  const { body } = await api.as(ann).get<AccountExport>('/v1/data')
  expect(body.data).toMatchObject({
    account: { id: ann.id, email: ann.email },
    security: {
      hasPassword: true,
      mfaEnabledAt: '1970-01-01T00:00:00.001Z',
      passkeys: [{ name: 'Key' }],
      apiKeys: [{ name: 'Key', hint: 'xxxx' }],
      linkedAccounts: [{ provider: 'example', subject: ann.id }],
      grants: [{ permission: 'view:logs', effect: 'deny' }],
      grantsOnThings: [{ resource: 'room', resourceId: ann.id, action: 'update' }],
    },
    sessions: [{ current: true, device: { name: 'Unknown device' } }],
    rooms: [{ id: room.id, type: 'group', role: 'owner', leftAt: null }],
    blocked: [{ id: members[0].id, username: members[0].username }],
    reports: [],
    preferences: { emailDigest: true },
    notifications: [{ title: 'News' }],
  })
  expect(JSON.stringify(body.data)).not.toMatch(/hash|secret|\$scrypt/i)
})
