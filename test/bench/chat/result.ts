export const CHAT_SYSTEMS = ['selvage', 'socket.io', 'socket.io, stored'] as const
export type ChatSystemName = (typeof CHAT_SYSTEMS)[number]

export interface ChatPlan {
  rounds: number
  /** People in the room, for the fan-out. */
  sizes: readonly number[]
  /** About so many deliveries each round. */
  deliveries: number
  /** Messages a second. */
  rates: readonly number[]
  rateSeconds: number
  stormSockets: number
  /** People who drop out of one room and come back. */
  returning: readonly number[]
  notified: number
  /** Only cases whose names hold this. */
  only?: string | undefined
}

export type ChatKind = 'rest' | 'fan-out' | 'rate' | 'storm' | 'reconnect' | 'notify'

export interface ChatResult {
  name: string
  kind: ChatKind
  /** What is counted: `rate` is so many of it a second, and `processorMs` is for one of it. */
  unit: 'deliveries' | 'sockets' | 'clients' | 'notifications' | 'nothing'
  systems: Record<ChatSystemName, ChatSystemResult>
}

export interface ChatSystemResult {
  /** The median of the rounds, and each of them; none where a system rests. At a fixed rate it says who kept up. */
  rate: number
  rates: number[]
  /** Of the rates, as a share. */
  spread: number
  /** Of a round, the median: where all begins at once, the time until the last one has everything. */
  elapsedMs: number
  /** From the send to a delivery, or from a client's beginning until it has what it came for. */
  p50Ms: number
  p99Ms: number
  /** Milliseconds of all processors that one of the unit took its processes; 0 where that is not known. */
  processorMs: number
  processorMss: number[]
  /** The most of one processor that the clients' own process took in a round: near 1, it is they who are measured. */
  clientShare: number
  /** The most that its processes have held after a round, its sockets open; null where that is not known. */
  residentBytes: number | null
}
