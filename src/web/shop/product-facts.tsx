import type { ProductItem } from '../../client/index.ts'
import { Icon } from '../components/icon.tsx'
import { formatMoney } from './money.ts'

const FEW = 5

interface PriceProps {
  price: number
  /** Minor units; null where it was never dearer. */
  compareAtPrice: number | null
  currency: string
}

/** What it costs, and what it cost before: the words are there for those who do not see the line through it. */
export function Price({ price, compareAtPrice, currency }: PriceProps) {
  const isReduced = compareAtPrice !== null && compareAtPrice > price
  return (
    <span class="price" data-testid="price">
      {isReduced && <span class="visually-hidden">Now </span>}
      <strong>{formatMoney(price, currency)}</strong>
      {isReduced && (
        <>
          <span class="visually-hidden">, before </span>
          <s>{formatMoney(compareAtPrice, currency)}</s>
        </>
      )}
    </span>
  )
}

export function Stock({ stock }: Pick<ProductItem, 'stock'>) {
  if (stock === 0) return <span class="stock stock-none">Sold out</span>
  if (stock <= FEW) return <span class="stock stock-few">Only {stock} left</span>
  return <span class="stock">In stock</span>
}

const oneDecimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const whole = new Intl.NumberFormat()

/** One star, filled, and the figures; nothing while nobody has rated. */
export function Rating({ rating, ratingCount }: Pick<ProductItem, 'rating' | 'ratingCount'>) {
  if (rating === null) return null
  return (
    <span class="rating">
      <Icon name="star" />
      <span class="visually-hidden">Rated </span>
      <strong>{oneDecimal.format(rating)}</strong>
      <span class="visually-hidden"> of 5, by </span>
      <span class="rating-count">
        {whole.format(ratingCount)}
        <span class="visually-hidden"> {ratingCount === 1 ? 'person' : 'people'}</span>
      </span>
    </span>
  )
}
