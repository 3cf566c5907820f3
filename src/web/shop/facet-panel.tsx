import { useState } from 'preact/hooks'
import { Button } from '../components/button.tsx'
import { followInside } from '../route.ts'
import type { FacetGroup, FacetOption } from './facet-options.ts'

const FEW = 8

/** What the list can be narrowed to. Each choice is an address, so it can be opened beside this one or sent on. */
export function FacetPanel({ groups }: { groups: readonly FacetGroup[] }) {
  return (
    <div class="facets" data-testid="facets">
      {groups.map((group) => (
        <Group key={group.id} group={group} />
      ))}
    </div>
  )
}

function Group({ group: { id, title, options } }: { group: FacetGroup }) {
  const [isWhole, setWhole] = useState(false)
  const shown = isWhole ? options : options.filter(({ isChosen }, at) => at < FEW || isChosen)
  const heading = `facet-${id}`
  return (
    <section class="facet" aria-labelledby={heading}>
      <h2 id={heading}>{title}</h2>
      <ul>
        {shown.map((option) => (
          <li key={option.key} data-depth={option.depth}>
            <Option option={option} testId={`facet-${id}-${option.key}`} />
          </li>
        ))}
      </ul>
      {options.length > shown.length && (
        <Button kind="text" onPress={() => setWhole(true)}>
          {`All ${options.length}`}
          <span class="visually-hidden"> in {title}</span>
        </Button>
      )}
    </section>
  )
}

function Option({ option: { label, count, isChosen, href }, testId }: { option: FacetOption; testId: string }) {
  if (href === null) return <span class="facet-option facet-above">{label}</span>
  return (
    <a
      class="facet-option"
      href={href}
      onClick={followInside}
      aria-current={isChosen ? 'true' : undefined}
      data-testid={testId}
    >
      <span class="facet-box" aria-hidden="true" />
      <span class="facet-label">{label}</span>
      {count !== null && (
        <span class="facet-count">
          {count}
          <span class="visually-hidden"> {count === 1 ? 'product' : 'products'}</span>
        </span>
      )}
    </a>
  )
}
