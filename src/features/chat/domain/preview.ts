const PREVIEW_CHARACTERS = 140

/** The beginning of a message on one line. */
export function previewOf(content: string): string {
  const line = [...content.replaceAll(/\s+/g, ' ')]
  return line.length <= PREVIEW_CHARACTERS ? line.join('') : `${line.slice(0, PREVIEW_CHARACTERS - 1).join('')}…`
}
