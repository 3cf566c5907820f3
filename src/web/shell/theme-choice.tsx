import { Choice } from '../components/choice.tsx'
import { useStore } from '../store.ts'
import { chooseTheme, theme } from '../theme.ts'

const OPTIONS = [
  { value: 'system', label: 'System', icon: 'device' },
  { value: 'light', label: 'Light', icon: 'sun' },
  { value: 'dark', label: 'Dark', icon: 'moon' },
] as const

/** Remembered on this device, for all tabs. */
export function ThemeChoice() {
  const { choice } = useStore(theme)
  return <Choice label="Colours" options={OPTIONS} value={choice} onChange={chooseTheme} testId="theme-choice" />
}
