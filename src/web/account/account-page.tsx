import { PageFrame } from '../components/page-frame.tsx'

export function AccountPage() {
  return <PageFrame title="Account" />
}
