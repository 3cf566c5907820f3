import { Component, type ComponentChildren, type FunctionComponent, h } from 'preact'

/** Draws again only when one of its properties is another one. */
export function memo<P extends object>(draw: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      const now: P = this.props
      return (Object.keys(next) as (keyof P)[]).some((name) => next[name] !== now[name])
    }
    override render(): ComponentChildren {
      return h(draw, this.props)
    }
  }
  return (props) => h(Memo as unknown as FunctionComponent<P>, props)
}
