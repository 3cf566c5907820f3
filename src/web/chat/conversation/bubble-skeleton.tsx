/** Bubbles in the shape of what is being loaded. */
export function BubbleSkeleton({ count, label }: { count: number; label: string }) {
  return (
    <div class="bubble-skeletons" role="status" data-testid="bubble-skeleton">
      <span class="visually-hidden">{label}</span>
      {Array.from({ length: count }, (_, at) => (
        <span class="skeleton bubble-skeleton" data-own={at % 3 === 2} key={at} aria-hidden="true" />
      ))}
    </div>
  )
}
