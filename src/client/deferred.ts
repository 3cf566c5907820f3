/** A promise with its ends outside: `Promise.withResolvers`, which the older ones of the browsers that we serve lack. */
export class Deferred<T> {
  resolve: (value: T) => void = () => {}
  reject: (error: Error) => void = () => {}
  readonly promise: Promise<T> = new Promise((resolve, reject) => {
    this.resolve = resolve
    this.reject = reject
  })
}
