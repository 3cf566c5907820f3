/** Enter sends where there is a keyboard; on a touch screen it makes a new line. */
export const hasKeyboard = (): boolean => matchMedia('(hover: hover) and (pointer: fine)').matches

export const ROOM_COMPOSER = 'composer'
export const THREAD_COMPOSER = 'thread-composer'

export const isComposerFocused = (): boolean => document.activeElement?.id === ROOM_COMPOSER

export function focusComposer(id: string): void {
  document.getElementById(id)?.focus()
}
