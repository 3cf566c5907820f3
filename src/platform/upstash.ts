import { Redis } from '@upstash/redis/cloudflare'

export interface UpstashOptions {
  url: string
  token: string
  timeoutMs: number
}

/** A client for an isolate, which several requests share: one HTTP request a call, made once, given up in time. */
export function openUpstash({ url, token, timeoutMs }: UpstashOptions): Redis {
  return new Redis({
    url,
    token,
    // `false` would try a second time: what was counted, and its answer lost, would be counted twice.
    retry: { retries: 0 },
    signal: () => AbortSignal.timeout(timeoutMs),
    // It would join the commands of several requests, and workerd lets no request wait for what another has sent.
    enableAutoPipelining: false,
    automaticDeserialization: false,
    enableTelemetry: false,
    readYourWrites: false,
  })
}

/** The client's errors repeat the command that failed, and with it whom or what it was about. */
export function withoutCommand(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error)
  return new Error(`Upstash has failed: ${text.split(', command was:')[0]}`)
}
