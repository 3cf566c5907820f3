import autocannon from 'autocannon'

export interface Call {
  method?: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
}

export interface HttpLoad {
  url: string
  connections: number
  seconds: number
  /** The next call; it is asked for each one that is sent. */
  next: () => Call
}

export interface HttpFigures {
  /** Answers a second. */
  rate: number
  p50Ms: number
  p99Ms: number
  answers: number
  /** Of one answer with its headers. */
  answerBytes: number
}

const SAMPLE_MS = 100
const PATIENCE_SECONDS = 10

/** As many calls as so many connections can make one after another. An answer that is no success ends it all. */
export async function loadHttp({ url, connections, seconds, next }: HttpLoad): Promise<HttpFigures> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    // It looks only so often whether its time is over.
    sampleInt: SAMPLE_MS,
    // Each call is asked for when it is sent, so that no two are the same where a case says so.
    requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
  })
  // Who asks whether something has changed is answered with either.
  const unchanged = result.statusCodeStats?.['304']?.count ?? 0
  const answers = result['2xx'] + unchanged
  if (result.errors > 0 || result.non2xx > unchanged) {
    const statuses = JSON.stringify(result.statusCodeStats)
    throw new Error(`${url}${next().path}: ${result.errors} errors, ${result.non2xx} failures: ${statuses}`)
  }
  // A round of nothing has no ratio: it was too short for this machine.
  if (answers === 0) {
    if (seconds >= PATIENCE_SECONDS) throw new Error(`${url}${next().path}: no answer in ${seconds} s`)
    return await loadHttp({ url, connections, seconds: seconds * 2, next })
  }
  return {
    rate: answers / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    answers,
    answerBytes: Math.round(result.throughput.total / answers),
  }
}
