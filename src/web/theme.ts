import { createStore } from './store.ts'

/** `system` follows the device, by day and by night. */
export type ThemeChoice = 'system' | 'light' | 'dark'

/** As in theme-early.js, which reads it before anything is painted. */
const KEY = 'selvage:theme'
const systemIsDark = matchMedia('(prefers-color-scheme: dark)')

/** What the person has chosen on this device, for all its tabs. */
export const theme = createStore<{ choice: ThemeChoice }>({ choice: stored() })

export function chooseTheme(choice: ThemeChoice): void {
  try {
    if (choice === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, choice)
  } catch {
    // It holds until the page is closed.
  }
  theme.set({ choice })
}

/** Keeps the page in its colours as the person, another tab or the system changes its mind. */
export function followTheme(): void {
  theme.subscribe(apply)
  systemIsDark.addEventListener('change', apply)
  addEventListener('storage', ({ key }) => {
    if (key === KEY || key === null) theme.set({ choice: stored() })
  })
  apply()
}

function apply(): void {
  const { choice } = theme.value
  const isDark = choice === 'dark' || (choice === 'system' && systemIsDark.matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
  const cloth = getComputedStyle(document.documentElement).getPropertyValue('--cloth')
  document.querySelector('meta[name="theme-color"]')?.setAttribute('content', cloth)
}

function stored(): ThemeChoice {
  try {
    const choice = localStorage.getItem(KEY)
    return choice === 'light' || choice === 'dark' ? choice : 'system'
  } catch {
    return 'system'
  }
}
