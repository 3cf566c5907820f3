/** True when the five-field cron expression names the minute of `date`, in UTC as on the platform. */
export function isDue(expression, date) {
  const [minute, hour, day, month, weekday] = expression.trim().split(/\s+/)
  return (
    matches(minute, date.getUTCMinutes(), 0) &&
    matches(hour, date.getUTCHours(), 0) &&
    matches(day, date.getUTCDate(), 1) &&
    matches(month, date.getUTCMonth() + 1, 1) &&
    // The platform counts weekdays from Sunday, which is 1.
    matches(weekday, date.getUTCDay() + 1, 1)
  )
}

/** One field: `*`, `5` or `1-5`, each with an optional `/step`, and lists of them. */
function matches(field, value, first) {
  return field.split(',').some((part) => {
    const [range, step] = part.split('/')
    const open = step === undefined ? undefined : Number.POSITIVE_INFINITY
    const [from, to = open ?? from] = range === '*' ? [first, Number.POSITIVE_INFINITY] : range.split('-').map(Number)
    return value >= from && value <= to && (value - from) % Number(step ?? 1) === 0
  })
}
