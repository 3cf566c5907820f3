/** Something that runs and is measured: a process, or several of them, with an address. */
export interface System {
  /** Origin, without a slash at its end. */
  url: string
  /** The processes whose memory is its own. */
  pids: number[]
  stop(): Promise<void>
}
