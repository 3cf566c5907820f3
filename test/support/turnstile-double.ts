/** Siteverify as its documentation tells it: tokens of five minutes, good once, but for a repeat with the same key. */
export function createTurnstileDouble({ secret, clock = Date.now }: { secret: string; clock?: () => number }) {
  const tokens = new Map<string, { at: number; action: string; hostname: string; usedBy: string | undefined }>()
  const requests: { url: string; method: string; body: Record<string, unknown> }[] = []
  const befall: ('lost' | 'answer lost' | { status: number; body: unknown })[] = []
  const TOKEN_LIVES_MS = 300_000

  async function fetch(request: Request): Promise<Response> {
    const body = (await request.json()) as Record<string, unknown>
    requests.push({ url: request.url, method: request.method, body })
    const next = befall.shift()
    if (next === 'lost') throw new Error('Network connection lost.')
    if (typeof next === 'object') return Response.json(next.body, { status: next.status })
    const answer = verify(body)
    if (next === 'answer lost') throw new Error('Network connection lost.')
    return answer
  }

  function verify({ secret: given, response, idempotency_key: key }: Record<string, unknown>): Response {
    const no = (code: string) => Response.json({ success: false, 'error-codes': [code], messages: [] })
    if (!given) return no('missing-input-secret')
    if (given !== secret) return no('invalid-input-secret')
    if (!response) return no('missing-input-response')
    const token = tokens.get(String(response))
    if (!token) return no('invalid-input-response')
    const isRepeat = token.usedBy !== undefined && token.usedBy === key
    if (clock() - token.at > TOKEN_LIVES_MS || (token.usedBy !== undefined && !isRepeat)) {
      return no('timeout-or-duplicate')
    }
    token.usedBy = String(key)
    const { action, hostname, at } = token
    const challenge_ts = new Date(at).toISOString()
    return Response.json({ success: true, 'error-codes': [], challenge_ts, hostname, action, cdata: '', metadata: {} })
  }

  return {
    fetch,
    requests,
    befall,
    /** What the widget gives somebody who passed. */
    pass({ action = 'login', hostname = 'selvage.example' } = {}): string {
      const token = `0.${crypto.randomUUID()}`
      tokens.set(token, { at: clock(), action, hostname, usedBy: undefined })
      return token
    },
  }
}
