import { useEffect, useRef, useState } from 'preact/hooks'
import { ApiError, type Review } from '../../../client/index.ts'
import { client } from '../../client.ts'
import { Button } from '../../components/button.tsx'
import { Choice } from '../../components/choice.tsx'
import { TextArea } from '../../components/text-area.tsx'
import { toast } from '../../components/toast.tsx'
import { useAction } from '../../components/use-action.ts'
import { tagOf } from './review-page.ts'

const LONGEST = 2_000
const whole = new Intl.NumberFormat()
const STARS = (['1', '2', '3', '4', '5'] as const).map((value) => {
  return { value, label: value, icon: 'star' as const, title: value === '1' ? '1 star' : `${value} stars` }
})

interface ReviewFormProps {
  productId: string
  /** Null where there is none yet. */
  own: Review | null
  onDone: () => void
  onCancel: () => void
}

/** Stars and words, for somebody who has the product. */
export function ReviewForm({ productId, own, onDone, onCancel }: ReviewFormProps) {
  const [stars, setStars] = useState<string>(own ? `${own.rating}` : '')
  const [text, setText] = useState(own?.text ?? '')
  const [wrong, setWrong] = useState<{ stars?: string; text?: string }>({})
  const frame = useRef<HTMLFormElement>(null)
  useEffect(() => frame.current?.querySelector('input')?.focus(), [])
  const save = useAction(
    async () => {
      const found = {
        ...(stars === '' && { stars: 'Choose how many stars you give' }),
        ...(text.trim() === '' && { text: 'Write a few words' }),
      }
      setWrong(found)
      if (Object.keys(found).length > 0) return
      const body = { rating: Number(stars), text: text.trim() }
      if (own) await client.reviews.change(productId, own.id, body, { ifMatch: tagOf(own) })
      else await client.reviews.write(productId, body)
      toast({ text: own ? 'Your review is changed.' : 'Thank you. Your review is there.', tone: 'good' })
      onDone()
    },
    {
      onProblem: (_, problem) => {
        if (!(problem instanceof ApiError)) return
        const ofText = problem.fields.find(({ field }) => field === 'text')
        if (ofText) setWrong({ text: ofText.message })
      },
    },
  )
  return (
    <form
      class="review-form"
      ref={frame}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
      data-testid="review-form"
    >
      <Choice label="Stars" options={STARS} value={stars} onChange={setStars} testId="review-stars" />
      {wrong.stars && (
        <p class="field-error" role="alert" data-testid="error-stars">
          {wrong.stars}
        </p>
      )}
      <TextArea
        label="Your review"
        name="text"
        rows={4}
        value={text}
        onInput={setText}
        maxLength={LONGEST}
        hint={`${whole.format(text.length)} of ${whole.format(LONGEST)} characters. Everybody reads it, with your name.`}
        error={wrong.text}
        testId="review-text"
      />
      {save.problem && !wrong.text && (
        <p class="note note-bad" role="alert" data-testid="review-problem">
          {save.problem}
        </p>
      )}
      <div class="form-actions">
        <Button onPress={onCancel}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={save.isBusy} testId="review-save">
          {own ? 'Save' : 'Publish'}
        </Button>
      </div>
    </form>
  )
}
