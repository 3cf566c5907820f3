/** By the place of a system: a circle, a square, a diamond, a triangle. */
export const SHAPES = [
  'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0',
  'M-4-4h8v8h-8z',
  'M0-5.5L5.5 0L0 5.5L-5.5 0z',
  'M0-5L5 4H-5z',
]

/** A plot stands in pages of others: it brings its surface along, and follows the scheme of whoever looks. */
export const PLOT_STYLE = `
text { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--ink) }
svg { --surface: #fff; --ink: #1f2328; --muted: #59636e; --grid: #d8dee4; --s0: #59636e; --s1: #bc4c00; --s2: #0969da; --s3: #8250df }
@media (prefers-color-scheme: dark) {
  svg { --surface: #0d1117; --ink: #f0f6fc; --muted: #9198a1; --grid: #2f363d; --s0: #9198a1; --s1: #f0883e; --s2: #58a6ff; --s3: #bc8cff }
}
.surface { fill: var(--surface) }
.title { font-size: 16px; font-weight: 600 }
.muted { fill: var(--muted); font-size: 12px }
.end { text-anchor: end }
.middle { text-anchor: middle }
.figure { font-variant-numeric: tabular-nums }
.grid { stroke: var(--grid) }
.one { stroke: var(--muted); stroke-width: 1.5 }
.goal { stroke: var(--ink); stroke-width: 2 }
.whisker { fill: none; stroke-width: 1.5 }
.s0 { stroke: var(--s0) } .s1 { stroke: var(--s1) } .s2 { stroke: var(--s2) } .s3 { stroke: var(--s3) }
.mark { stroke: var(--surface) }
.mark.s0 { fill: var(--s0) } .mark.s1 { fill: var(--s1) } .mark.s2 { fill: var(--s2) } .mark.s3 { fill: var(--s3) }
`
