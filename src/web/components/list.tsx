import type { ComponentChildren } from 'preact'
import { followInside } from '../route.ts'

export function List({ label, children, testId }: { label?: string; children: ComponentChildren; testId?: string }) {
  return (
    <ul class="list" aria-label={label} data-testid={testId}>
      {children}
    </ul>
  )
}

interface ListRowProps {
  /** A row that leads somewhere is a link, one that does something a button, any other is plain. */
  href?: string | undefined
  onPress?: () => void
  /** An avatar, an icon or a dot. */
  lead?: ComponentChildren
  title: ComponentChildren
  text?: ComponentChildren
  /** At its end: a time, a badge. */
  end?: ComponentChildren
  /** What can be done with it: stands beside the row, as a link holds no button. */
  actions?: ComponentChildren
  /** It is what the page shows. */
  isActive?: boolean
  /** Its text is news. */
  isNew?: boolean
  testId?: string
  /** `data-…` of the row, for tests and for styles. */
  data?: Record<`data-${string}`, string | number | boolean | undefined>
}

/** The row that rooms, people, sessions and notifications share. */
export function ListRow({ href, onPress, lead, title, text, end, actions, ...props }: ListRowProps) {
  const content = (
    <>
      {lead && <span class="row-lead">{lead}</span>}
      <span class="row-main">
        <span class="row-name">{title}</span>
        {text && <span class="row-text">{text}</span>}
      </span>
      {end && <span class="row-end">{end}</span>}
    </>
  )
  const shared = {
    class: `row ${props.isNew ? 'row-unread' : ''}`,
    'data-testid': props.testId,
    ...props.data,
  }
  return (
    <li class={`list-item ${actions ? 'list-item-with-actions' : ''}`}>
      {href !== undefined ? (
        <a
          {...shared}
          href={href}
          aria-current={props.isActive ? 'page' : undefined}
          onClick={(event) => {
            if (followInside(event)) onPress?.()
          }}
        >
          {content}
        </a>
      ) : onPress ? (
        <button {...shared} type="button" aria-current={props.isActive ? 'true' : undefined} onClick={onPress}>
          {content}
        </button>
      ) : (
        <div {...shared}>{content}</div>
      )}
      {actions && <div class="list-actions">{actions}</div>}
    </li>
  )
}
