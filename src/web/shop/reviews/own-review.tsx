import { useState } from 'preact/hooks'
import { ApiError, type Review } from '../../../client/index.ts'
import { client } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { Stars } from './review-card.tsx'
import { ReviewForm } from './review-form.tsx'
import { tagOf } from './review-page.ts'

/** What one has written oneself: it is changed and taken back here, also while it is hidden. */
export function OwnReview({ review, onChanged }: { review: Review; onChanged: () => void }) {
  const { id, productId, rating, text, isHidden, hiddenReason } = review
  const [does, setDoes] = useState<'read' | 'edit' | 'delete'>('read')
  const remove = useAction(
    async () => {
      await client.reviews.remove(productId, id, { ifMatch: tagOf(review) })
      toast({ text: 'Your review is deleted.', tone: 'good' })
      setDoes('read')
      onChanged()
    },
    {
      onProblem: (words, problem) => {
        const isOlder = problem instanceof ApiError && [404, 412].includes(problem.status)
        toast({ text: isOlder ? 'It was changed elsewhere. Look at it again.' : words, tone: 'bad' })
        setDoes('read')
        if (isOlder) onChanged()
      },
    },
  )
  if (does === 'edit') {
    return <ReviewForm productId={productId} own={review} onDone={onChanged} onCancel={() => setDoes('read')} />
  }
  return (
    <section class="review review-own" aria-label="Your review" data-testid="own-review">
      <p class="review-head">
        <Stars rating={rating} />
        <strong>Your review</strong>
      </p>
      <p class="review-text">{text}</p>
      {isHidden && (
        <p class="note" data-testid="own-review-hidden">
          A moderator has hidden it{hiddenReason && `: ${hiddenReason}`}. You may change or delete it; it stays hidden.
        </p>
      )}
      <div class="page-actions">
        <Button onPress={() => setDoes('edit')} testId="review-edit">
          Edit
        </Button>
        <Button onPress={() => setDoes('delete')} testId="review-delete">
          Delete
        </Button>
      </div>
      {does === 'delete' && (
        <Confirm
          title="Delete your review?"
          text="For good. You may write another one."
          action="Delete"
          isBusy={remove.isBusy}
          testId="review-delete-confirm"
          onConfirm={() => void remove.run()}
          onCancel={() => setDoes('read')}
        />
      )}
    </section>
  )
}
