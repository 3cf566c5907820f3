import { useState } from 'preact/hooks'
import type { Product } from '../../client/index.ts'
import { ProductPicture } from './product-picture.tsx'

/** One picture at a time, and all of them small below it. */
export function Gallery({ product: { id, name, images } }: { product: Product }) {
  const [at, setAt] = useState(0)
  const shown = images[at] ?? images[0]
  return (
    <div class="gallery" data-testid="gallery">
      <ProductPicture id={id} url={shown?.url} alt={shown?.alt || (shown ? name : `${name}, no picture yet`)} isFirst />
      {images.length > 1 && (
        <ul class="gallery-small" aria-label="Pictures">
          {images.map((image, index) => (
            <li key={`${index} ${image.url}`}>
              <button
                type="button"
                class="gallery-pick"
                aria-label={`Picture ${index + 1} of ${images.length}${image.alt ? `: ${image.alt}` : ''}`}
                aria-pressed={image === shown}
                onClick={() => setAt(index)}
                data-testid="gallery-pick"
              >
                <ProductPicture id={id} url={image.url} alt="" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
