import * as z from 'zod'

/** What Resend's API takes of a mail, by its documentation: `to` is one address or up to fifty. */
const Address = z.string().regex(/^(?:(?:"(?:[^"\\]|\\.)*"|[^"<>]+) )?<?[^\s<>@"]+@[^\s<>@"]+\.[^\s<>@"]+>?$/)
const Body = z.object({
  from: Address,
  to: z.union([Address, z.array(Address).min(1).max(50)]),
  subject: z.string().regex(/^[^\r\n]*$/),
  html: z.string().optional(),
  text: z.string().optional(),
})

const KEY_LIVES_MS = 24 * 60 * 60 * 1_000

export interface ResendDouble {
  fetch(request: Request): Promise<Response>
  /** What has gone out, in order. */
  sent: z.output<typeof Body>[]
  requests: { headers: Headers; body: unknown }[]
  /** What befalls the next requests, one each: an error by its name, the connection lost before or after the work. */
  befall: ({ status: number; name: string; headers?: Record<string, string> } | 'lost' | 'answer lost' | 'garbage')[]
}

/** Resend's API as its documentation tells it: `POST /emails`, errors as `{ statusCode, name, message }`, keys of a day. */
export function createResendDouble({
  apiKey,
  clock = Date.now,
}: {
  apiKey: string
  clock?: () => number
}): ResendDouble {
  const keys = new Map<string, { payload: string; id: string; at: number }>()
  const double: ResendDouble = { fetch: answer, sent: [], requests: [], befall: [] }

  async function answer(request: Request): Promise<Response> {
    const text = await request.text()
    double.requests.push({ headers: request.headers, body: JSON.parse(text) })
    const next = double.befall.shift()
    if (next === 'lost') throw new Error('Network connection lost.')
    if (next === 'garbage')
      return new Response('<html>Bad gateway</html>', { headers: { 'content-type': 'text/html' } })
    if (typeof next === 'object') return failed(next.status, next.name, next.headers)
    const response = work(request, text)
    if (next === 'answer lost') throw new Error('Network connection lost.')
    return response
  }

  function work(request: Request, text: string): Response {
    const { headers } = request
    if (!headers.get('user-agent')) return new Response('error code: 1010', { status: 403 })
    const { pathname, protocol } = new URL(request.url)
    if (request.method !== 'POST' || pathname !== '/emails' || protocol !== 'https:') return failed(404, 'not_found')
    const bearer = headers.get('authorization')
    if (!bearer?.startsWith('Bearer ')) return failed(401, 'missing_api_key')
    if (bearer !== `Bearer ${apiKey}`) return failed(403, 'invalid_api_key')
    const key = headers.get('idempotency-key')
    if (key !== null && (key.length < 1 || key.length > 256)) return failed(400, 'invalid_idempotency_key')
    const parsed = Body.safeParse(JSON.parse(text))
    if (!parsed.success) return failed(422, 'validation_error')
    if (!parsed.data.html && !parsed.data.text) return failed(422, 'missing_required_field')
    const known = key === null ? undefined : keys.get(key)
    if (known && clock() - known.at < KEY_LIVES_MS) {
      return known.payload === text ? Response.json({ id: known.id }) : failed(409, 'invalid_idempotent_request')
    }
    const id = crypto.randomUUID()
    if (key !== null) keys.set(key, { payload: text, id, at: clock() })
    double.sent.push(parsed.data)
    return Response.json({ id })
  }

  return double
}

function failed(statusCode: number, name: string, headers: Record<string, string> = {}): Response {
  // Its messages name the recipient now and then.
  const message = `About ann@people.test: ${name}`
  return Response.json({ statusCode, name, message }, { status: statusCode, headers })
}
