import { useId } from 'preact/hooks'

/** Indigo twill, its ecru edge, the red thread. The same drawing as favicon.svg. */
export function Mark() {
  const corners = useId()
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <clipPath id={corners}>
        <rect width="32" height="32" rx="8" />
      </clipPath>
      <g clip-path={`url(#${corners})`}>
        <rect width="32" height="32" fill="#2c3b78" />
        <path
          d="M-4 12 12-4M-4 20 20-4M-4 28 28-4M0 32 32 0M8 32 32 8M16 32 32 16"
          stroke="#4a5ca6"
          stroke-width="2.4"
          fill="none"
        />
        <rect x="21" width="11" height="32" fill="#efe6d0" />
        <path d="M26.5 1.5v29" stroke="#b8322a" stroke-width="2.6" stroke-dasharray="4.2 2.6" stroke-linecap="round" />
      </g>
    </svg>
  )
}

export function Word() {
  return (
    <span class="word">
      <Mark />
      Selvage
    </span>
  )
}
