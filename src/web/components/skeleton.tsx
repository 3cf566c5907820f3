/** Rows in the shape of what is being loaded. */
export function SkeletonRows({ count, label }: { count: number; label: string }) {
  return (
    <div role="status">
      <span class="visually-hidden">{label}</span>
      {Array.from({ length: count }, (_, row) => (
        <div class="skeleton-row" key={row} aria-hidden="true">
          <span class="skeleton" />
          <span class="skeleton-lines">
            <span class="skeleton" />
            <span class="skeleton" />
          </span>
        </div>
      ))}
    </div>
  )
}
