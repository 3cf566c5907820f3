import type { Operation, ProcessProductsBody } from '../../../client/index.ts'
import { formatCount } from '../formats.ts'

export type ProcessAction = ProcessProductsBody['action']

/** What is to be done with all of a category or a brand, as it is chosen and typed. */
export interface ProcessForm {
  action: ProcessAction
  /** `category:ID` or `brand:NAME`; empty while nothing is chosen. */
  which: string
  percent: string
}

export type ProcessProblems = Partial<Record<'which' | 'percent', string>>

const MOST_PERCENT = 1_000

/** Whole percents, with or without their sign; null for anything else, and for what would change nothing. */
export function readPercent(text: string): number | null {
  const match = /^([+−-]?)(\d{1,4}) ?%?$/.exec(text.trim())
  if (!match) return null
  const percent = Number(match[2]) * (match[1] === '' || match[1] === '+' ? 1 : -1)
  return percent === 0 || percent < -100 || percent > MOST_PERCENT ? null : percent
}

/** Null while nothing is chosen. */
export function whichOf(which: string): ProcessProductsBody['products'] | null {
  const [, kind, value = ''] = /^(category|brand):(.+)$/s.exec(which) ?? []
  if (kind === undefined) return null
  return kind === 'category' ? { categoryId: value } : { brand: value }
}

export function processOf({ action, which, percent }: ProcessForm): {
  body: ProcessProductsBody | null
  problems: ProcessProblems
} {
  const products = whichOf(which)
  const by = action === 'change-price' ? readPercent(percent) : 0
  const problems: ProcessProblems = {
    ...(products === null ? { which: 'Choose a category or a brand' } : {}),
    ...(by === null ? { percent: `Type whole percents from -100 to ${formatCount(MOST_PERCENT)}` } : {}),
  }
  if (products === null || by === null) return { body: null, problems }
  return { body: action === 'change-price' ? { action, percent: by, products } : { action, products }, problems }
}

/** In which states a product is that it changes. */
export const statesOf = (action: ProcessAction) =>
  action === 'publish' ? (['draft'] as const) : (['draft', 'published'] as const)

/** The last word before it begins: what is done, and to how many. */
export function goWords(action: ProcessAction, count: number, isExact: boolean): string {
  const many = `${formatCount(count)}${isExact ? '' : ' or more'}`
  const one = count === 1 && isExact
  if (action === 'publish') return `Publish ${many} ${one ? 'draft' : 'drafts'}`
  if (action === 'archive') return `Archive ${many} ${one ? 'product' : 'products'}`
  return `Reprice ${many} ${one ? 'product' : 'products'}`
}

export const isOver = ({ state }: Operation): boolean => state !== 'pending' && state !== 'running'

/** How far it is, in one line. */
export function operationWords({ state, progress, result, error }: Operation): string {
  const { done, total } = progress
  const far = `${formatCount(done)}${total === null ? '' : ` of ${formatCount(total)}`}`
  const changed = `${formatCount(result?.changed ?? 0)} changed`
  if (state === 'pending') return 'It waits for its turn'
  if (state === 'running') return `${far} looked at`
  if (state === 'succeeded') return `Done: ${changed}, ${far} looked at.`
  if (state === 'cancelled') return `Cancelled: ${changed}, ${far} looked at. The rest is as it was.`
  return `It has failed: ${changed}, ${far} looked at. ${error?.message ?? ''}`.trim()
}
