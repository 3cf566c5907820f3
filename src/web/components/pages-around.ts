/** The first, the last, this one and its neighbours; null stands for those between. */
export function pagesAround(page: number, totalPages: number): (number | null)[] {
  const last = Math.max(page, totalPages)
  const wanted = [1, page - 1, page, page + 1, last].filter((one) => one >= 1 && one <= last)
  const shown = [...new Set(wanted)].sort((a, b) => a - b)
  return shown.flatMap((one, at) => {
    const missing = one - (shown[at - 1] ?? 0) - 1
    // Instead of a gap that is one page wide, that page.
    return missing === 0 ? [one] : missing === 1 ? [one - 1, one] : [null, one]
  })
}
