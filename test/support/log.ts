const LEVELS = ['debug', 'info', 'warn', 'error'] as const

/** Takes what is logged instead of the terminal, until `stop`. */
export function takeLog(): { lines(): string[]; stop(): void } {
  let taken: string[] = []
  const before = LEVELS.map((level) => [level, console[level]] as const)
  for (const level of LEVELS) {
    console[level] = (line: unknown) => {
      taken.push(String(line))
    }
  }
  return {
    /** The lines since it was last asked. */
    lines() {
      const lines = taken
      taken = []
      return lines
    },
    stop() {
      for (const [level, write] of before) console[level] = write
    },
  }
}
