import type { ComponentType } from 'preact'
import { ReportsPage } from '../moderation/reports-page.tsx'
import { ADDRESSES, route } from '../route.ts'
import { framed, lazyPage } from '../shell/lazy-page.tsx'
import { useStore } from '../store.ts'
import { useWorkspace } from '../workspace.ts'
import { AccessPage } from './access-page.tsx'
import { AdminNav, ForbiddenPart } from './admin-frame.tsx'
import { AuditPage } from './audit/audit-page.tsx'
import { DeadLettersPage } from './dead-letters/dead-letters-page.tsx'
import { HealthPage } from './health/health-page.tsx'
import { LimitsPage } from './limits-page.tsx'
import { mayOpen, mayOpenAny, PARTS } from './staff.ts'
import { UsersPage } from './users/users-page.tsx'

/** With the library that draws the plots, which no other page needs. */
const OverviewPage = lazyPage(
  async () => (await import('./overview/overview-page.tsx')).OverviewPage,
  framed('Overview'),
)

const CatalogPage = lazyPage(async () => (await import('./catalog/catalog-page.tsx')).CatalogPage, framed('Catalogue'))

function ReportsPart() {
  const { user } = useWorkspace()
  return <ReportsPage nav={mayOpenAny(user) && <AdminNav part="reports" />} />
}

const PAGES: Record<string, ComponentType> = {
  [ADDRESSES.admin]: OverviewPage,
  [ADDRESSES.adminHealth]: HealthPage,
  [ADDRESSES.adminDeadLetters]: DeadLettersPage,
  [ADDRESSES.adminAudit]: AuditPage,
  [ADDRESSES.adminUsers]: UsersPage,
  [ADDRESSES.adminAccess]: AccessPage,
  [ADDRESSES.adminCatalog]: CatalogPage,
  [ADDRESSES.adminCategories]: CatalogPage,
  [ADDRESSES.adminLimits]: LimitsPage,
  [ADDRESSES.adminReports]: ReportsPart,
}

export function AdminPage() {
  const { path } = useStore(route)
  const { user } = useWorkspace()
  const part = PARTS.find(({ href }) => href === (path === ADDRESSES.adminCategories ? ADDRESSES.adminCatalog : path))
  // Reports have words of their own for who may not see them.
  if (part && part.id !== 'reports' && !mayOpen(user, part)) return <ForbiddenPart part={part.id} />
  const Page = PAGES[path] ?? OverviewPage
  return <Page />
}
