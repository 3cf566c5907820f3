/** A table of the report; its name is that of its place in docs/scaling.md. */
export interface Table {
  name: string
  title: string
  head: string[]
  rows: string[][]
}

/** Three digits that count, with commas: 1,230 and 0.0123. */
export function short(n: number): string {
  return Number(n.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 })
}

export function percent(share: number): string {
  return `${short(share * 100)} %`
}

export function dollars(n: number): string {
  return n >= 100 ? `$${Math.round(n).toLocaleString('en')}` : `$${n.toFixed(2)}`
}

export function code(text: string): string {
  return `\`${text}\``
}
