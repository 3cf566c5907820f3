import Bowser from 'bowser'

/** `Firefox on Windows`, or undefined where a user agent says nothing that may stand in a mail. */
export function deviceWords(userAgent: string | null): string | undefined {
  if (!userAgent) return undefined
  const { browser, os } = Bowser.parse(userAgent)
  // What it does not know it takes out of the text, which is whatever a client has sent.
  const [program, system] = [browser.name, os.name].map((name) =>
    name && /^[\w -]{1,40}$/.test(name) ? name : undefined,
  )
  return program && system ? `${program} on ${system}` : (program ?? system)
}
