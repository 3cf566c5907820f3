/** A text that a test reads as it stands. */
declare module '*.md?raw' {
  const text: string
  export default text
}
