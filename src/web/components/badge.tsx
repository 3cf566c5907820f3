const MOST = 99

export function Badge({ count, class: extra = '', testId }: { count: number; class?: string; testId?: string }) {
  return (
    <span class={`badge ${extra}`} data-testid={testId} aria-hidden="true">
      {count > MOST ? `${MOST}+` : count}
    </span>
  )
}
