import type { ComponentChildren } from 'preact'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { Tabs } from '../components/tabs.tsx'
import { HOME, navigate } from '../route.ts'
import { useWorkspace } from '../workspace.ts'
import { mayOpen, mayOpenAny, PARTS, type PartId } from './staff.ts'

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

/** A page of the operators, with the way to the others. */
export function AdminFrame({ part, title, children, ...frame }: AdminFrameProps) {
  return (
    <PageFrame title={title ?? labelOf(part)} nav={<AdminNav part={part} />} {...frame}>
      {children}
    </PageFrame>
  )
}

/** In the place of a page, so that it asks the API for nothing. */
export function ForbiddenPart({ part }: { part: PartId }) {
  const { user } = useWorkspace()
  return (
    <PageFrame title={labelOf(part)} nav={mayOpenAny(user) && <AdminNav part={part} />}>
      <Notice title="This is not yours to see" withMark level={2} testId="forbidden">
        <p>These pages are for those who look after Selvage. Ask an admin if you should be one of them.</p>
        <Button kind="primary" onPress={() => navigate(HOME)}>
          To your conversations
        </Button>
      </Notice>
    </PageFrame>
  )
}

function labelOf(part: PartId): string {
  return PARTS.find(({ id }) => id === part)?.label ?? ''
}
