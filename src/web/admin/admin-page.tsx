import { PageFrame } from '../components/page-frame.tsx'
import { ReportsPage } from '../moderation/reports-page.tsx'
import { ADDRESSES, route } from '../route.ts'
import { useStore } from '../store.ts'

export function AdminPage() {
  const { path } = useStore(route)
  return path === ADDRESSES.adminReports ? <ReportsPage /> : <PageFrame title="Operations" />
}
