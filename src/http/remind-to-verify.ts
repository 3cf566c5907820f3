import type { Context } from 'hono'
import type { AppEnv } from './app-env.ts'

const REMINDER = 'Verify your e-mail address: look for the link that was mailed to you, or ask for it once more.'

/**
 * Puts a reminder beside the data of what somebody is answered whose address is not verified: into `meta`, so that lists
 * stay lists. Whoever is verified, a refusal, an answer without a body or of another form has none.
 */
export async function remindToVerify(c: Context<AppEnv>): Promise<void> {
  const ctx = c.get('ctx')
  const isJson = c.res.headers.get('content-type')?.startsWith('application/json') ?? false
  if (ctx.actor.kind !== 'user' || !c.res.ok || c.res.status === 204 || !isJson) return
  if ((await ctx.session()).isEmailVerified) return
  const body: unknown = await c.res.clone().json()
  if (!isEnvelope(body)) return
  c.res = new Response(JSON.stringify({ ...body, meta: { ...body.meta, _reminder: REMINDER } }), c.res)
}

function isEnvelope(body: unknown): body is { success: true; meta: object } {
  if (typeof body !== 'object' || body === null || !('success' in body) || !('meta' in body)) return false
  return body.success === true && typeof body.meta === 'object' && body.meta !== null
}
