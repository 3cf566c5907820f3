import { useState } from 'preact/hooks'

/** Whether the caps lock was on with the last key; no browser tells before the first one. */
export function useCapsLock() {
  const [isOn, setOn] = useState(false)
  const look = (event: KeyboardEvent | MouseEvent) => {
    // What fills in a password says that a key was pressed, and is no keyboard.
    if ('getModifierState' in event) setOn(event.getModifierState('CapsLock'))
  }
  return { isOn, watch: { onKeyDown: look, onKeyUp: look, onMouseDown: look, onFocusOut: () => setOn(false) } }
}
