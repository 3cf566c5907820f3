import { useEffect, useState } from 'preact/hooks'
import { useStore } from '../../store.ts'
import { theme } from '../../theme.ts'

/** Tokens of the style sheet as they are now, for what is drawn on a canvas. */
export function readTokens(): (name: string) => string {
  const style = getComputedStyle(document.documentElement)
  return (name) => style.getPropertyValue(name).trim()
}

/** The scheme that the page is drawn in, by the choice of the person or of their system; whoever asks is drawn anew. */
export function usePlotTheme(): string {
  useStore(theme)
  const [, redraw] = useState({})
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)')
    const look = () => redraw({})
    query.addEventListener('change', look)
    return () => query.removeEventListener('change', look)
  }, [])
  return document.documentElement.dataset.theme ?? 'light'
}
