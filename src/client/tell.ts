interface Reporter {
  reportError?(error: unknown): void
}

/** Calls what a user of the client has given. What it throws is reported as theirs, and stops nothing of ours. */
export function tell(call: () => void): void {
  try {
    call()
  } catch (error) {
    const { reportError } = globalThis as Reporter
    if (reportError) reportError(error)
    else console.error(error)
  }
}
