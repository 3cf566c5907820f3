import type { ComponentChildren } from 'preact'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { Tabs } from '../components/tabs.tsx'
import { HOME, navigate } from '../route.ts'
import { useWorkspace } from '../workspace.ts'
import { mayOpen, PARTS, type PartId } from './staff.ts'

interface AdminFrameProps {
  part: PartId
  title?: string
  about?: ComponentChildren
  back?: { href: string; label: string }
  actions?: ComponentChildren
  children: ComponentChildren
}

/** The parts that this person may open. */
export function AdminNav({ part }: { part: PartId }) {
  const { user } = useWorkspace()
  const items = PARTS.filter((one) => mayOpen(user, one)).map(({ id, label, href }) => {
    return { id, label, href, testId: `admin-tab-${id}` }
  })
  return <Tabs label="Operations" active={part} items={items} />
}

/** A page of the operators, with the way to the others. Who may not see it is told so, and asks the API for nothing. */
export function AdminFrame({ part, title, children, ...frame }: AdminFrameProps) {
  const { user } = useWorkspace()
  const open = PARTS.filter((one) => mayOpen(user, one))
  const here = PARTS.find(({ id }) => id === part)
  const heading = title ?? here?.label ?? ''
  if (!open.some(({ id }) => id === part)) {
    return (
      <PageFrame title={heading} nav={open.length > 0 && <AdminNav part={part} />}>
        <Notice title="This is not yours to see" withMark level={2} testId="forbidden">
          <p>These pages are for those who look after Selvage. Ask an admin if you should be one of them.</p>
          <Button kind="primary" onPress={() => navigate(HOME)}>
            To your conversations
          </Button>
        </Notice>
      </PageFrame>
    )
  }
  return (
    <PageFrame title={heading} nav={<AdminNav part={part} />} {...frame}>
      {children}
    </PageFrame>
  )
}
