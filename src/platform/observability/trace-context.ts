/**
 * W3C Trace Context, https://www.w3.org/TR/trace-context/ (Level 1) and /trace-context-2/. These headers come
 * from anybody: what is not valid is dropped, and never fails the request that carries it.
 */

/** Where in a trace something stands, as `traceparent` and `tracestate` carry it from one process to the next. */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  traceId: string
  /** 16 lower-case hex digits, not all zero. */
  spanId: string
  /** `SAMPLED` and `RANDOM_ID` only: bits that have no meaning yet are not ours to pass on. */
  flags: number
  /** What other tracing systems said of this trace, as a header value; empty where they said nothing. */
  tracestate: string
}

/** One piece of work. Its parent is the span of whoever waits for it. */
export interface Span extends TraceContext {
  parentSpanId?: string
}

/** Headers as `Headers.get()` answers them: several fields of one name joined by commas. */
export interface TraceHeaders {
  traceparent?: string | null | undefined
  tracestate?: string | null | undefined
}

/** The caller may have recorded its span. */
const SAMPLED = 0x01
/** Level 2: at least the right 7 bytes of the trace id are random. It is true of a trace from its beginning, or never. */
const RANDOM_ID = 0x02
const KNOWN_FLAGS = SAMPLED | RANDOM_ID

const VERSION = '00'
/** No comma: that is where two headers were joined, and neither of them can be believed. */
const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[^,]*)?$/

/**
 * Reads a `traceparent`. Of a version that is newer than ours the first 55 characters count, if nothing or a
 * dash follows them. Undefined for what is not valid.
 */
export function parseTraceparent(text: string): Omit<TraceContext, 'tracestate'> | undefined {
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(text) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  if (version === VERSION && rest !== undefined) return undefined
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & KNOWN_FLAGS }
}

export function formatTraceparent({ traceId, spanId, flags }: Omit<TraceContext, 'tracestate'>): string {
  return `${VERSION}-${traceId}-${spanId}-${(flags & KNOWN_FLAGS).toString(16).padStart(2, '0')}`
}

const MAX_MEMBERS = 32
const MAX_TRACESTATE_CHARACTERS = 512
const LONG_MEMBER_CHARACTERS = 128
/** Level 2's form, which holds Level 1's `tenant@system` too: a stricter reader would lose lists that others wrote. */
const KEY = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/
/** Printable, without comma and equals sign; the last character is not a space. */
const VALUE = /^[ -+\--<>-~]{0,255}[!-+\--<>-~]$/

/**
 * Reads a `tracestate` into its members, `key=value`, in their order and without empty ones; of a key that comes
 * twice the first counts. Undefined where one of them is not valid, or there are more than 32.
 */
export function parseTracestate(text: string): string[] | undefined {
  const members = text
    .split(',')
    .map(trimBlanks)
    .filter((member) => member !== '')
  const byKey = new Map<string, string>()
  for (const member of members) {
    const equals = member.indexOf('=')
    const key = member.slice(0, Math.max(equals, 0))
    if (!KEY.test(key) || !VALUE.test(member.slice(equals + 1))) return undefined
    if (!byKey.has(key)) byKey.set(key, member)
  }
  return members.length <= MAX_MEMBERS ? [...byKey.values()] : undefined
}

/** Spaces and tabs, and in linear time: a pattern would look at a long run of blanks again from each of them. */
function trimBlanks(text: string): string {
  const isBlank = (at: number): boolean => text[at] === ' ' || text[at] === '\t'
  let [start, end] = [0, text.length]
  while (start < end && isBlank(start)) start += 1
  while (end > start && isBlank(end - 1)) end -= 1
  return text.slice(start, end)
}

/**
 * The members as one header value of at most 512 characters, which is what everybody must pass on. Members
 * leave it whole: first those above 128 characters, then any, in both cases from the end.
 */
export function formatTracestate(members: readonly string[]): string {
  const kept = [...members]
  const text = () => kept.join(',')
  for (const most of [LONG_MEMBER_CHARACTERS, 0]) {
    for (let i = kept.length - 1; i >= 0 && text().length > MAX_TRACESTATE_CHARACTERS; i -= 1) {
      if ((kept[i] ?? '').length > most) kept.splice(i, 1)
    }
  }
  return text()
}

/** The caller's place in its trace. Without a valid `traceparent` there is none, and `tracestate` means nothing. */
export function readTraceContext({ traceparent, tracestate }: TraceHeaders): TraceContext | undefined {
  const parent = parseTraceparent(traceparent ?? '')
  return parent && { ...parent, tracestate: formatTracestate(parseTracestate(tracestate ?? '') ?? []) }
}

/**
 * A span of our own: a child in the parent's trace, with its sampling and with the word of other systems passed
 * on, or the first of a new trace. We keep no state in `tracestate`, so nothing of ours is added to it.
 */
export function startSpan(parent?: TraceContext): Span {
  if (parent) return { ...parent, spanId: randomId(8), parentSpanId: parent.spanId }
  return { traceId: randomId(16), spanId: randomId(8), flags: SAMPLED | RANDOM_ID, tracestate: '' }
}

/** Lower-case hex; all zeros is what the recommendation calls no id at all. */
function randomId(bytes: number): string {
  if (unused + bytes > random.length) {
    crypto.getRandomValues(random)
    unused = 0
  }
  const id = random.subarray(unused, unused + bytes).toHex()
  unused += bytes
  return /[^0]/.test(id) ? id : randomId(bytes)
}

/** Drawn for many spans at once: asking the platform costs more than all else that a span does. They are no secrets. */
const random = new Uint8Array(1_024)
let unused = random.length
