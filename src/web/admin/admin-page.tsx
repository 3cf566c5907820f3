import { PageFrame } from '../components/page-frame.tsx'

export function AdminPage() {
  return <PageFrame title="Operations" />
}
