import { render } from 'preact'
import { App } from './app.tsx'
import { followTheme } from './theme.ts'

followTheme()

const root = document.getElementById('app')
if (root) render(<App />, root)
