import { useState } from 'preact/hooks'
import type { Review } from '../../../client/index.ts'
import { ReasonDialog } from '../../admin/reason-dialog.tsx'
import { client } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { longDate } from '../../times.ts'
import { starWords, tagOf } from './review-page.ts'

interface ReviewCardProps {
  review: Review
  isOwn: boolean
  mayJudge: boolean
  onChanged: () => void
}

/** What one person says of a product; a moderator takes it out of sight, or shows it again, with a reason. */
export function ReviewCard({ review, isOwn, mayJudge, onChanged }: ReviewCardProps) {
  const { id, author, rating, text, isHidden, hiddenReason, createdAt, updatedAt, productId } = review
  const [asks, setAsks] = useState(false)
  const judge = useAction(
    async (reason: string) => {
      const act = isHidden ? client.reviews.restore : client.reviews.hide
      await act(productId, id, reason, { ifMatch: tagOf(review) })
      setAsks(false)
      toast({ text: isHidden ? 'It is shown again.' : 'It is hidden.', tone: 'good' })
      onChanged()
    },
    { onProblem: () => undefined },
  )
  return (
    <li class="review" data-testid="review">
      <p class="review-head">
        <Stars rating={rating} />
        <strong>{author ? `@${author.username}` : 'Somebody who has left'}</strong>
        {isOwn && <span class="review-you">You</span>}
        <time dateTime={createdAt}>{longDate(createdAt)}</time>
        {updatedAt !== createdAt && <span>changed</span>}
      </p>
      <p class="review-text">{text}</p>
      {isHidden && (
        <p class="note" data-testid="review-hidden">
          Hidden by a moderator{hiddenReason && `: ${hiddenReason}`}. Nobody else reads it, and it counts for nothing.
        </p>
      )}
      {mayJudge && (
        <Button
          kind="text"
          label={`${isHidden ? 'Show it again' : 'Hide it'}: the review of ${author?.username ?? 'somebody who has left'}`}
          onPress={() => setAsks(true)}
          testId={isHidden ? 'review-restore' : 'review-hide'}
        >
          {isHidden ? 'Show it again' : 'Hide it'}
        </Button>
      )}
      {asks && (
        <ReasonDialog
          title={isHidden ? 'Show this review again?' : 'Hide this review?'}
          text={
            isHidden
              ? 'Everybody reads it again, and its stars count.'
              : 'Its author and moderators still see it, and the reason. Its stars do not count any more.'
          }
          action={isHidden ? 'Show it' : 'Hide it'}
          isDanger={!isHidden}
          isBusy={judge.isBusy}
          problem={judge.problem}
          onGo={(reason) => void judge.run(reason)}
          onClose={() => setAsks(false)}
        />
      )}
    </li>
  )
}

export function Stars({ rating }: { rating: number }) {
  return (
    <span class="stars">
      <span class="visually-hidden">{starWords(rating)}</span>
      {[1, 2, 3, 4, 5].map((star) => (
        <span key={star} aria-hidden="true" data-full={star <= rating}>
          <Icon name="star" />
        </span>
      ))}
    </span>
  )
}
