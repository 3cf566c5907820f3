import { PageFrame } from '../components/page-frame.tsx'

export function NotificationsPage() {
  return <PageFrame title="Notifications" />
}
