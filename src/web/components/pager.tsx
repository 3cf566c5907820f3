import { followInside } from '../route.ts'
import { Icon } from './icon.tsx'
import { pagesAround } from './pages-around.ts'

interface PagerProps {
  /** What it turns the pages of. */
  label: string
  page: number
  /** As far as they are known. */
  totalPages: number
  hasNext: boolean
  hrefOf: (page: number) => string
  testId?: string
}

/** Page by page, each with an address of its own. Of many those at the ends and around this one are shown. */
export function Pager({ label, page, totalPages, hasNext, hrefOf, testId }: PagerProps) {
  if (page === 1 && !hasNext) return null
  return (
    <nav class="pager" aria-label={label} data-testid={testId}>
      {page > 1 && (
        <a
          class="button button-plain pager-step"
          href={hrefOf(page - 1)}
          onClick={followInside}
          rel="prev"
          aria-label="Previous page"
        >
          <Icon name="back" />
          <span>Previous</span>
        </a>
      )}
      <ol class="pager-pages">
        {pagesAround(page, totalPages).map((shown, at) => (
          <li key={shown ?? `gap ${at}`}>
            {shown === null ? (
              <span class="pager-gap" aria-hidden="true">
                …
              </span>
            ) : (
              <a
                class="button button-quiet pager-page"
                href={hrefOf(shown)}
                onClick={followInside}
                aria-label={`Page ${shown}`}
                aria-current={shown === page ? 'page' : undefined}
              >
                {shown}
              </a>
            )}
          </li>
        ))}
      </ol>
      {hasNext && (
        <a
          class="button button-plain pager-step"
          href={hrefOf(page + 1)}
          onClick={followInside}
          rel="next"
          aria-label="Next page"
        >
          <span>Next</span>
          <Icon name="chevron-right" />
        </a>
      )}
    </nav>
  )
}
