// Stands in the page itself, before the style sheet: nothing is painted in the wrong colours. src/web/theme.ts goes on.
let theme = null
try {
  theme = localStorage.getItem('selvage:theme')
} catch {
  // Where the browser keeps nothing for us, the system's choice holds.
}
if (theme !== 'dark' && theme !== 'light') theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
document.documentElement.dataset.theme = theme
