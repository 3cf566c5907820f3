const whole = new Intl.NumberFormat(undefined)
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const precise = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** `12,345`. */
export function formatCount(n: number): string {
  return whole.format(n)
}

/** `12.3K`, where there is little room. */
export function formatShort(n: number): string {
  return compact.format(n)
}

/** `840 ms`, `1.2 s`, `3 min`. */
export function formatMs(ms: number): string {
  if (ms < 1) return '< 1 ms'
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`
  return formatSeconds(ms / 1_000)
}

/** `45 s`, `3 min`, `2 h`, `1 d`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`
}

/** To the second: operators compare it with a log. */
export function formatMoment(iso: string): string {
  return precise.format(new Date(iso))
}

/** Why an act was done. Of sessions that ended it is a code, `signed_out`; of all others it is what somebody wrote. */
export function reasonOf({ action, reason }: { action: string; reason: string | null }): string | null {
  return action === 'SESSIONS_REVOKED' && reason ? actionName(reason) : reason
}

/** `SIGNED_IN` as `Signed in`. */
export function actionName(action: string): string {
  const words = action.toLowerCase().replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
