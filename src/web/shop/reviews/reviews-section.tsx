import { useState } from 'preact/hooks'
import { ApiError, type ReviewSummary } from '../../../client/index.ts'
import { client } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { ErrorState } from '../../components/error-state.tsx'
import { Notice } from '../../components/notice.tsx'
import { PageSection } from '../../components/page-frame.tsx'
import { Pager } from '../../components/pager.tsx'
import { Select } from '../../components/select.tsx'
import { Switch } from '../../components/switch.tsx'
import { useLatest } from '../../components/use-latest.ts'
import { hrefWith, replace, route } from '../../route.ts'
import { useStore } from '../../store.ts'
import { OwnReview } from './own-review.tsx'
import { ReviewCard } from './review-card.tsx'
import { ReviewForm } from './review-form.tsx'
import { ORDERS, type Order, readReviews, starRows, starWords, viewOf } from './review-page.ts'

const whole = new Intl.NumberFormat()
const twoDecimals = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 })

/** What people say of a product. Nothing of it where reviews are not switched on, which the API says with 404. */
export function ReviewsSection({ productId }: { productId: string }) {
  const { page, order, isHidden } = viewOf(useStore(route).query)
  const { user } = client
  const mayJudge = user?.permissions.includes('moderate:content') ?? false
  const view = { page, order, isHidden: isHidden && mayJudge }
  const { data, problem, reload } = useLatest(
    (signal) => readReviews(client, productId, view, signal),
    [productId, page, order, view.isHidden],
  )
  const [isWriting, setWriting] = useState(false)
  const isOff = problem instanceof ApiError && problem.status === 404
  if (isOff || (!data && problem === null)) return null
  const done = () => {
    setWriting(false)
    reload()
  }
  return (
    <PageSection
      title="Reviews"
      actions={
        data?.mayReview &&
        !isWriting && (
          <Button kind="primary" onPress={() => setWriting(true)} testId="write-review">
            Write a review
          </Button>
        )
      }
    >
      {problem !== null && <ErrorState problem={problem} onRetry={reload} />}
      {data && (
        <div class="reviews" data-testid="reviews">
          {data.summary.count > 0 && <Summary summary={data.summary} />}
          {isWriting && !data.own && (
            <ReviewForm productId={productId} own={null} onDone={done} onCancel={() => setWriting(false)} />
          )}
          {data.own && <OwnReview key={data.own.version} review={data.own} onChanged={reload} />}
          {(data.summary.count > 1 || mayJudge) && (
            <div class="review-choices">
              <Select
                label="Sort reviews by"
                options={Object.entries(ORDERS).map(([value, { label }]) => ({ value, label }))}
                value={order as string}
                onChange={(value) => replace(hrefWith({ order: value === usual ? null : value, reviews: null }))}
                testId="review-order"
              />
              {mayJudge && (
                <Switch
                  label="Hidden ones"
                  checked={view.isHidden}
                  onChange={(isOn) => replace(hrefWith({ hidden: isOn ? 'yes' : null, reviews: null }))}
                  testId="reviews-hidden"
                />
              )}
            </div>
          )}
          {data.items.length > 0 ? (
            <ul class="review-list" aria-label="Reviews">
              {data.items.map((review) => (
                <ReviewCard
                  key={`${review.id} ${review.version}`}
                  review={review}
                  isOwn={review.author !== null && review.author.id === user?.id}
                  mayJudge={mayJudge}
                  onChanged={reload}
                />
              ))}
            </ul>
          ) : (
            !isWriting && (
              <Notice title={view.isHidden ? 'Nothing is hidden' : 'No reviews yet'} level={3} testId="no-reviews">
                <p>{view.isHidden ? 'What is hidden stands here.' : 'Whoever has bought it can say how it is.'}</p>
              </Notice>
            )
          )}
          <Pager
            label="Pages of reviews"
            page={data.page}
            totalPages={data.totalPages}
            hasNext={data.hasNextPage}
            hrefOf={(to) => hrefWith({ reviews: to > 1 ? to : null })}
            testId="review-pages"
          />
        </div>
      )}
    </PageSection>
  )
}

const usual: Order = 'newest'

function Summary({ summary }: { summary: ReviewSummary }) {
  const { average, count } = summary
  return (
    <div class="review-summary" data-testid="review-summary">
      <p>
        <strong class="review-average">{twoDecimals.format(average ?? 0)}</strong> of 5, by {whole.format(count)}{' '}
        {count === 1 ? 'person' : 'people'}
      </p>
      <table class="star-rows">
        <caption class="visually-hidden">How many stars people give</caption>
        <tbody>
          {starRows(summary).map((row) => (
            <tr key={row.stars}>
              <th scope="row">{starWords(row.stars)}</th>
              <td aria-hidden="true" class="star-bar">
                <progress max={100} value={row.percent} />
              </td>
              <td class="star-count">{whole.format(row.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
