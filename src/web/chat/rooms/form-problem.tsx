import { Icon } from '../../components/icon.tsx'

/** What is wrong with the whole form, told at once. The region is there from the start, so that it is heard. */
export function FormProblem({ text }: { text: string | null }) {
  return (
    <div role="alert">
      {text && (
        <p class="form-problem" data-testid="form-problem">
          <Icon name="alert" />
          {text}
        </p>
      )}
    </div>
  )
}
