interface Bounds {
  min: number
  max: number
  isInteger?: boolean
}

/** The value, or a RangeError that names it: a setting that makes no sense is told at once, not at the first outage. */
export function requireNumber(name: string, value: number, { min, max, isInteger = false }: Bounds): number {
  const isOfKind = isInteger ? Number.isInteger(value) : Number.isFinite(value)
  if (isOfKind && value >= min && value <= max) return value
  throw new RangeError(`${name} must be ${isInteger ? 'a whole number' : 'a number'} from ${min} to ${max}`)
}
