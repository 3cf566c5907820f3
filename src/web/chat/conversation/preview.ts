const PREVIEW_CHARACTERS = 140

/** The beginning of a text on one line, as the server tells it. */
export function previewOf(content: string): string {
  const line = [...content.replaceAll(/\s+/g, ' ')]
  return line.length <= PREVIEW_CHARACTERS ? line.join('') : `${line.slice(0, PREVIEW_CHARACTERS - 1).join('')}…`
}
