import { ApiKeysSection } from './api-keys-section.tsx'
import { EmailSection } from './email-section.tsx'
import { MfaSection } from './mfa-section.tsx'
import { PasskeysSection } from './passkeys-section.tsx'

/** How the account is kept, in sections of one file each: first how one signs in, then what guards it besides. */
const SECTIONS: readonly { name: string; Section: () => preact.JSX.Element | null }[] = [
  { name: 'email', Section: EmailSection },
  { name: 'mfa', Section: MfaSection },
  { name: 'passkeys', Section: PasskeysSection },
  { name: 'api-keys', Section: ApiKeysSection },
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
