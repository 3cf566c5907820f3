import type { Page } from 'playwright-core'
import type { Scene } from '../support/scene.ts'

const byId = (id: string) => `[data-testid="${id}"]`
const LETTER_ID = '0199a1b2-0000-7000-8000-000000000001'

const LETTER = {
  id: LETTER_ID,
  lane: 'normal',
  subscriber: 'notifications.raise-new-message',
  eventId: '0199a1b2-0000-7000-8000-0000000000ee',
  eventType: 'room.messages_unseen',
  attempts: 3,
  lastError: 'D1_ERROR: Network connection lost while the effect of this message was being written to the database',
  status: 'waiting',
  firstSeenAt: '2026-03-01T12:00:00.000Z',
  lastSeenAt: '2026-03-01T12:04:10.000Z',
  decidedAt: null,
  decidedBy: null,
  reason: null,
}
const DECIDED = {
  status: 'discarded',
  decidedAt: '2026-03-02T08:00:00.000Z',
  decidedBy: '0199a1b2-0000-7000-8000-0000000000dd',
  reason: 'The room is gone',
}
const LETTERS = [
  LETTER,
  { ...LETTER, id: LETTER_ID.replace(/1$/, '2'), eventType: null, subscriber: null, lastError: null, attempts: 100 },
  { ...LETTER, ...DECIDED, id: LETTER_ID.replace(/1$/, '3'), eventType: 'sessions.revoked', lane: 'critical' },
]
const BODY = {
  subscriber: LETTER.subscriber,
  event: {
    id: LETTER.eventId,
    type: LETTER.eventType,
    payload: { roomId: LETTER_ID, unseen: [{ userId: 'u', count: 3 }] },
  },
}

/** Answers a call with this, in the API's envelope. */
async function answer(page: Page, path: string, data: unknown, status = 200): Promise<void> {
  await page.route(
    (url) => url.pathname === path,
    (route) =>
      status < 400
        ? route.fulfill({ status, json: { success: true, data, meta: { nextCursor: null } } })
        : route.fulfill({ status, json: { success: false, statusCode: status, ...(data as object) } }),
  )
}

const never = (page: Page, path: string) =>
  page.route(
    (url) => url.pathname === path,
    () => undefined,
  )
const FAILED = { code: 'INTERNAL_ERROR', message: 'Something went wrong on our side', correlationId: '7f3c-a-request' }

async function openLetters(page: Page): Promise<void> {
  await answer(page, '/v1/admin/dead-letters', LETTERS)
  await answer(page, `/v1/admin/dead-letters/${LETTER_ID}`, { ...LETTER, body: BODY })
}

/** A day of figures that a plot can show: waves, a bump of failures, a gap where nothing was measured. */
function figures() {
  const times = Array.from({ length: 60 }, (_, i) => Date.parse('2026-03-01T12:00:00Z') / 1_000 + i * 60)
  const wave = (most: number, shift: number) =>
    times.map((_, i) => Math.round(most * (1 + Math.sin((i + shift) / 7)) + (i % 5)))
  const bump = (most: number) => times.map((_, i) => (i > 38 && i < 44 ? most : 0))
  const measure = (most: number) => wave(most, 3).map((n, i) => (i > 20 && i < 24 ? null : n + 1))
  return {
    stepSeconds: 60,
    times,
    requests: { all: wave(900, 0), clientErrors: wave(30, 9), serverErrors: bump(60) },
    latency: { p50: measure(9), p95: measure(60), p99: measure(240) },
    database: { queries: wave(2_000, 0), rowsRead: wave(14_000, 0), rowsWritten: wave(2_500, 2) },
    objects: { calls: wave(700, 1), rowsRead: wave(6_000, 1), rowsWritten: wave(1_200, 4) },
    queues: {
      sent: wave(200, 0),
      handled: wave(200, 1),
      failed: bump(12),
      buried: bump(1),
      lagP50: measure(300),
      lagP95: measure(1_400),
      backlog: wave(8, 5),
    },
    sockets: { user: wave(300, 12), room: wave(180, 13) },
    refused: {
      all: bump(40),
      byPolicy: [
        { policy: 'anonymous', count: 181 },
        { policy: 'sign-in', count: 19 },
      ],
    },
  }
}

const withNothing = () =>
  JSON.parse(
    JSON.stringify(figures(), (key, value) =>
      key === 'byPolicy' ? [] : typeof value === 'number' && key !== 'stepSeconds' && Number(value) < 1e9 ? 0 : value,
    ),
  )

export const adminScenes: Scene[] = [
  {
    name: 'admin-overview',
    as: 'admin',
    async open(page) {
      await answer(page, '/v1/admin/figures', figures())
      await page.goto('/app/admin')
      await page.locator(`${byId('figure-refused')} .plot canvas`).waitFor()
    },
  },
  {
    name: 'admin-overview-table',
    as: 'admin',
    async open(page) {
      await answer(page, '/v1/admin/figures', figures())
      await page.goto('/app/admin?range=15m')
      await page.locator(`${byId('figure-latency')} summary`).click()
      await page.locator(`${byId('figure-latency')} table`).waitFor()
      await page.locator(byId('figures-pause')).click()
      await page
        .locator(`${byId('figure-requests')} .legend-item`)
        .first()
        .click()
    },
  },
  {
    name: 'admin-overview-empty',
    as: 'admin',
    async open(page) {
      await answer(page, '/v1/admin/figures', withNothing())
      await page.goto('/app/admin')
      await page.locator(byId('no-figures')).waitFor()
    },
  },
  {
    name: 'admin-overview-loading',
    as: 'admin',
    async open(page) {
      await never(page, '/v1/admin/figures')
      await page.goto('/app/admin')
      await page.getByText('Reading the figures').waitFor({ state: 'attached' })
    },
  },
  {
    name: 'admin-overview-error',
    as: 'admin',
    async open(page) {
      await answer(page, '/v1/admin/figures', FAILED, 500)
      await page.goto('/app/admin')
      await page.locator(byId('error-state')).waitFor()
    },
  },
  {
    name: 'admin-forbidden',
    as: 'maya',
    async open(page) {
      await page.goto('/app/admin')
      await page.locator(byId('forbidden')).waitFor()
    },
  },
  {
    name: 'admin-health',
    as: 'admin',
    async open(page) {
      await page.goto('/app/admin/health')
      await page.getByText('Everything answers').waitFor()
      await page.locator('code', { hasText: 'chat.project-room' }).waitFor()
    },
  },
  {
    name: 'admin-health-down',
    as: 'admin',
    async open(page) {
      const up = { status: 'up', latencyMs: 3 }
      const checks = { core: up, activity: { status: 'down', latencyMs: 2_000 } }
      const isHealth = (url: URL) => url.pathname === '/health'
      await page.route(isHealth, (route) =>
        route.fulfill({ status: 503, json: { success: true, data: { status: 'down', checks }, meta: {} } }),
      )
      await answer(page, '/v1/admin/events', FAILED, 500)
      await page.goto('/app/admin/health')
      await page.getByText('Something does not answer').waitFor()
      await page.locator(byId('error-state')).waitFor()
    },
  },
  {
    name: 'admin-dead-letters',
    as: 'admin',
    async open(page) {
      await openLetters(page)
      await page.goto('/app/admin/dead-letters?status=all')
      await page.locator(byId('dead-letter')).first().waitFor()
    },
  },
  {
    name: 'admin-dead-letters-empty',
    as: 'admin',
    async open(page) {
      await answer(page, '/v1/admin/dead-letters', [])
      await page.goto('/app/admin/dead-letters')
      await page.locator(byId('no-dead-letters')).waitFor()
    },
  },
  {
    name: 'admin-dead-letters-loading',
    as: 'admin',
    async open(page) {
      await never(page, '/v1/admin/dead-letters')
      await page.goto('/app/admin/dead-letters')
      await page.locator('table[aria-busy="true"]').waitFor()
    },
  },
  {
    name: 'admin-dead-letter',
    as: 'admin',
    async open(page) {
      await openLetters(page)
      await page.goto(`/app/admin/dead-letters?letter=${LETTER_ID}`)
      await page.getByText('The message', { exact: true }).waitFor()
    },
  },
  {
    name: 'admin-dead-letter-redrive',
    as: 'admin',
    async open(page) {
      await openLetters(page)
      await page.goto(`/app/admin/dead-letters?letter=${LETTER_ID}`)
      await page.locator(byId('redrive')).click()
      await page.locator(byId('reason-go')).click()
      await page.getByText('Write at least 3 characters').waitFor()
    },
  },
  {
    name: 'admin-dead-letter-conflict',
    as: 'admin',
    async open(page) {
      let isDecided = false
      await page.route(
        (url) => url.pathname === `/v1/admin/dead-letters/${LETTER_ID}`,
        (route) => {
          const data = { ...LETTER, ...(isDecided ? DECIDED : {}), body: BODY }
          return route.fulfill({ json: { success: true, data, meta: {} } })
        },
      )
      await page.route('**/discard', (route) => {
        isDecided = true
        const message = 'Somebody has decided on this dead letter already'
        return route.fulfill({ status: 409, json: { success: false, statusCode: 409, code: 'CONFLICT', message } })
      })
      await page.goto(`/app/admin/dead-letters?letter=${LETTER_ID}`)
      await page.locator(byId('discard')).click()
      await page.locator(byId('reason')).fill('The room is gone')
      await page.locator(byId('reason-go')).click()
      await page.locator(byId('conflict')).waitFor()
      await page.getByText('Given up').first().waitFor()
    },
  },
  {
    name: 'admin-dead-letter-unknown',
    as: 'admin',
    async open(page) {
      await page.goto(`/app/admin/dead-letters?letter=${LETTER_ID}`)
      await page.locator(byId('unknown-dead-letter')).waitFor()
    },
  },
  {
    name: 'admin-audit',
    as: 'admin',
    async open(page, { admin, maya, make }) {
      await make('a changed tier', async () => {
        const { id } = await maya.auth.me()
        await admin.users.setTier(id, 'premium', 'Her project needs more requests than most, until the end of the year')
      })
      await page.goto('/app/admin/audit')
      await page.locator('strong', { hasText: 'Tier changed' }).waitFor()
      await page.locator(byId('act-details')).nth(3).waitFor()
    },
  },
  {
    name: 'admin-audit-act',
    as: 'admin',
    async open(page, { maya }) {
      const { id } = await maya.auth.me()
      await page.goto(`/app/admin/audit?target=${id}`)
      await page.locator(byId('act-details')).first().click()
      await page.locator(byId('act-dialog')).waitFor()
    },
  },
  {
    name: 'admin-audit-empty',
    as: 'admin',
    async open(page) {
      await page.goto(
        '/app/admin/audit?action=DEAD_LETTER_REDRIVEN&from=2026-01-01&actor=0199a1b2-0000-7000-8000-000000000001',
      )
      await page.locator(byId('no-acts')).waitFor()
    },
  },
  {
    name: 'admin-users',
    as: 'admin',
    async open(page) {
      await page.goto('/app/admin/users')
      await page.locator(byId('user-row')).nth(3).waitFor()
    },
  },
  {
    name: 'admin-users-nobody',
    as: 'admin',
    async open(page) {
      await page.goto('/app/admin/users?q=zzz&role=moderator')
      await page.locator(byId('no-users')).waitFor()
    },
  },
  {
    name: 'admin-user',
    as: 'admin',
    async open(page, { maya }) {
      const { id } = await maya.auth.me()
      await page.goto(`/app/admin/users?user=${id}`)
      await page.locator(byId('tier')).waitFor()
    },
  },
  {
    name: 'admin-user-tier',
    as: 'admin',
    async open(page, { maya }) {
      const { id } = await maya.auth.me()
      await page.goto(`/app/admin/users?user=${id}`)
      await page.locator(byId('change-tier')).click()
      await page.locator(byId('tier-choice')).selectOption('enterprise')
    },
  },
  {
    name: 'admin-limits',
    as: 'admin',
    async open(page) {
      await page.goto('/app/admin/limits')
      await page.locator('code', { hasText: 'room-commands' }).waitFor()
    },
  },
]
