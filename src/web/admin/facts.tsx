import type { ComponentChildren } from 'preact'

/** Names and values of one thing. What is null is left out. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ComponentChildren])[] }) {
  return (
    <dl class="fact-list">
      {facts.map(([name, value]) =>
        value === null || value === undefined || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

/** Data as it is stored, readable; it scrolls by itself where it is long, by keyboard too. */
export function JsonBlock({ label, value }: { label: string; value: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section class="json" aria-label={label} tabIndex={0}>
      <pre>{typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>
    </section>
  )
}

/** A state in one word: by its text, and by a dot of its colour. */
export function State({ tone, children }: { tone: 'good' | 'bad' | 'plain' | 'wait'; children: ComponentChildren }) {
  return <span class={`state state-${tone}`}>{children}</span>
}
