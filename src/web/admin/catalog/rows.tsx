import { useRef } from 'preact/hooks'
import { Button } from '../../components/button.tsx'
import { Icon } from '../../components/icon.tsx'
import { passFocusOn } from '../../components/pass-focus.ts'

export function replaceRow<R extends { key: number }>(rows: readonly R[], changed: R): R[] {
  return rows.map((row) => (row.key === changed.key ? changed : row))
}

/** Takes its row away; the focus goes to the one that stands in its place. */
export function RemoveRow({ label, onPress }: { label: string; onPress: () => void }) {
  const place = useRef<HTMLSpanElement>(null)
  return (
    <span class="editor-remove" ref={place}>
      <Button
        kind="icon"
        label={label}
        onPress={() => {
          const pass = passFocusOn(place.current?.closest('li'))
          onPress()
          pass()
        }}
      >
        <Icon name="trash" />
      </Button>
    </span>
  )
}
