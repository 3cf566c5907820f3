import { render } from 'preact'
import { App } from './app.tsx'
import { keepShell } from './shell/keep-shell.ts'
import { followTheme } from './theme.ts'

followTheme()
keepShell()

const root = document.getElementById('app')
if (root) render(<App />, root)
