// biome-ignore lint/suspicious/noExplicitAny: any function of the platform, whose arguments are only handed on.
type Callable = (this: any, ...args: any[]) => any

/** Replaced members of the platform's classes, until they are put back. */
export class Patches {
  readonly #undo: (() => void)[] = []

  /** `make` gets what stood there. Members that are inherited are put back by taking the new one away. */
  replace(target: object, member: string, make: (original: Callable) => Callable): void {
    const own = Object.getOwnPropertyDescriptor(target, member)
    const original: unknown = Reflect.get(target, member)
    if (typeof original !== 'function') throw new Error(`There is no method ${member}`)
    Object.defineProperty(target, member, { configurable: true, writable: true, value: make(original as Callable) })
    this.#undo.unshift(() => {
      if (own) Object.defineProperty(target, member, own)
      else Reflect.deleteProperty(target, member)
    })
  }

  restore(): void {
    for (const undo of this.#undo.splice(0)) undo()
  }
}
