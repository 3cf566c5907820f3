/** Asking again will not help: the server says that it never does this (RFC 9110, 15.6.2 and 15.6.6). */
const NEVER = new Set([501, 505])

export function isRetryableStatus(status: number): boolean {
  return status === 429 || (status >= 500 && !NEVER.has(status))
}

/** Lets go of a body that nobody will read: until then it holds one of the few connections that a request has. */
export function discard({ body }: Response): void {
  body?.cancel().catch(() => undefined)
}

export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'
}

/**
 * The answer with its whole body in memory, so that whoever has it can neither lose the rest nor wait for it.
 * @throws AnswerTooLarge above `maxBytes`; what the connection threw, where it broke off
 */
export async function readWhole(response: Response, maxBytes: number): Promise<Response> {
  const { status, statusText, body } = response
  const headers = new Headers(response.headers)
  if (body === null) return new Response(null, { status, statusText, headers })
  const bytes = await readBytes(body, maxBytes)
  // A status such as 204 takes no body, not even an empty one.
  const content = bytes.byteLength === 0 ? null : bytes
  // The platform has decoded it.
  for (const name of headers.has('content-encoding') ? ['content-encoding', 'content-length'] : []) headers.delete(name)
  return new Response(content, { status, statusText, headers })
}

async function readBytes(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.byteLength
    if (size > maxBytes) {
      reader.cancel().catch(() => undefined)
      throw new AnswerTooLarge(`The answer is larger than ${maxBytes} bytes`)
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}
