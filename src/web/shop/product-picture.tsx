import { useState } from 'preact/hooks'
import { swatchOf } from '../components/avatar.tsx'

interface ProductPictureProps {
  /** Of the product: what has no picture always has the same cloth. */
  id: string
  url: string | undefined
  /** Empty where the name of the product stands beside it. */
  alt: string
  isFirst?: boolean
}

/** The picture, or a piece of cloth where there is none or it does not come. */
export function ProductPicture({ id, url, alt, isFirst }: ProductPictureProps) {
  const [broken, setBroken] = useState<string | null>(null)
  if (url === undefined || url === broken) {
    return (
      <span
        class={`picture picture-cloth cloth-${swatchOf(id)}`}
        {...(alt === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': alt })}
      />
    )
  }
  return (
    <img
      class="picture"
      src={url}
      alt={alt}
      loading={isFirst ? 'eager' : 'lazy'}
      decoding="async"
      // Who sells it need not know who looks at it.
      referrerpolicy="no-referrer"
      onError={() => setBroken(url)}
    />
  )
}
