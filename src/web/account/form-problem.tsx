/** Always there, so that screen readers notice when it gets something to say. */
export function FormProblem({ text }: { text: string | null }) {
  return (
    <div class="account-alert" role="alert" data-testid="form-error">
      {text && <p class="account-problem">{text}</p>}
    </div>
  )
}
