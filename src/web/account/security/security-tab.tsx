import { EmailSection } from './email-section.tsx'

/** How the account is kept, in sections of one file each: first how one signs in, then what guards it besides. */
const SECTIONS: readonly { name: string; Section: () => preact.JSX.Element | null }[] = [
  { name: 'email', Section: EmailSection },
]

export function SecurityTab() {
  return (
    <>
      {SECTIONS.map(({ name, Section }) => (
        <Section key={name} />
      ))}
    </>
  )
}
