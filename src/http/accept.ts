/** What we answer, and what stands for it in an `Accept` header. */
export const OUR_MEDIA_TYPES = ['application/json', 'application/problem+json', 'application/*', '*/*']

/** Whether an `Accept` header names one of these media types, and not only to say that it is not wanted. */
export function accepts(accept: string, types: readonly string[]): boolean {
  return accept
    .toLowerCase()
    .split(',')
    .some((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
      return types.includes(type) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    })
}
