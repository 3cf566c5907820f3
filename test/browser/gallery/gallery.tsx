import { render } from 'preact'
import { useState } from 'preact/hooks'
import { ApiError } from '../../../src/client/api-error.ts'
import { Avatar } from '../../../src/web/components/avatar.tsx'
import { Badge } from '../../../src/web/components/badge.tsx'
import { Button } from '../../../src/web/components/button.tsx'
import { Choice } from '../../../src/web/components/choice.tsx'
import { Confirm } from '../../../src/web/components/confirm.tsx'
import { CopyField } from '../../../src/web/components/copy-field.tsx'
import { Dialog } from '../../../src/web/components/dialog.tsx'
import { ErrorState } from '../../../src/web/components/error-state.tsx'
import { Field } from '../../../src/web/components/field.tsx'
import { List, ListRow } from '../../../src/web/components/list.tsx'
import { Menu } from '../../../src/web/components/menu.tsx'
import { PageFrame, PageSection } from '../../../src/web/components/page-frame.tsx'
import { Pager } from '../../../src/web/components/pager.tsx'
import { Popover } from '../../../src/web/components/popover.tsx'
import { Meter, Progress } from '../../../src/web/components/progress.tsx'
import { SearchField } from '../../../src/web/components/search-field.tsx'
import { Select } from '../../../src/web/components/select.tsx'
import { Switch } from '../../../src/web/components/switch.tsx'
import { Table } from '../../../src/web/components/table.tsx'
import { TabPanel, Tabs } from '../../../src/web/components/tabs.tsx'
import { TextArea } from '../../../src/web/components/text-area.tsx'
import { Toasts, toast } from '../../../src/web/components/toast.tsx'
import { useAction } from '../../../src/web/components/use-action.ts'
import { usePages } from '../../../src/web/components/use-pages.ts'
import { followTheme } from '../../../src/web/theme.ts'

const LIMITED = new ApiError({ status: 429, code: 'RATE_LIMITED', message: 'Too many', retryAfterSeconds: 3 })
const BROKEN = new ApiError({ status: 500, code: 'INTERNAL_ERROR', message: 'Broken', correlationId: 'a1b2-c3d4' })

/** Every component once, with something in it: for tests to look at and to press. */
function Gallery() {
  return (
    <div class="area">
      <div class="area-body">
        <PageFrame
          title="Components"
          about="What the pages are made of"
          back={{ href: '/', label: 'Back to the start' }}
          actions={<Button kind="primary">Make one more</Button>}
          nav={
            <Tabs
              label="Areas"
              active="all"
              items={[
                { id: 'all', label: 'Everything', href: '/' },
                { id: 'reports', label: 'Reports', href: '/?tab=reports', count: 3 },
              ]}
            />
          }
        >
          <Opening />
          <Fields />
          <Lists />
          <Progressing />
        </PageFrame>
      </div>
      <Toasts />
    </div>
  )
}

function Opening() {
  const [open, setOpen] = useState<'dialog' | 'confirm' | null>(null)
  const [picked, setPicked] = useState('nothing')
  const [runs, setRuns] = useState(0)
  const save = useAction(async () => {
    setRuns((count) => count + 1)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    throw BROKEN
  })
  return (
    <PageSection
      title="What opens"
      actions={
        <Menu
          label="Actions"
          testId="menu"
          items={[
            { label: 'Rename', icon: 'edit', onPick: () => setOpen('dialog') },
            { label: 'Mute for a day', icon: 'bell-off', onPick: () => setPicked('mute'), isDisabled: true },
            { label: 'Mentions only', onPick: () => setPicked('mentions'), isChecked: true },
            'line',
            { label: 'Leave', icon: 'leave', isDanger: true, onPick: () => setOpen('confirm') },
          ]}
        />
      }
    >
      <div class="page-actions">
        <Button onPress={() => setOpen('dialog')} testId="open-dialog">
          Rename
        </Button>
        <Button kind="danger" onPress={() => setOpen('confirm')}>
          Leave
        </Button>
        <Button onPress={() => void save.run()} isBusy={save.isBusy} testId="save">
          Save
        </Button>
        <Button
          onPress={() =>
            toast({ text: 'Message deleted', action: { label: 'Undo', onPress: () => setPicked('undo') } })
          }
          testId="show-toast"
        >
          Delete
        </Button>
        <Popover
          label="Notifications, 2 unread"
          panelLabel="Notifications"
          testId="popover"
          trigger={<Badge count={2} />}
        >
          {() => <p class="notice">Nothing new</p>}
        </Popover>
      </div>
      <p data-testid="picked">{picked}</p>
      <p data-testid="runs">{runs}</p>
      {open === 'dialog' && (
        <Dialog title="Rename the room" onClose={() => setOpen(null)} testId="dialog" footer={<Button>Save</Button>}>
          <Field label="Name" name="name" maxLength={80} hint="What members see." />
        </Dialog>
      )}
      {open === 'confirm' && (
        <Confirm
          title="Leave the room?"
          text="You can come back by an invitation."
          action="Leave"
          isBusy={false}
          testId="confirm"
          onConfirm={() => setOpen(null)}
          onCancel={() => setOpen(null)}
        />
      )}
    </PageSection>
  )
}

function Fields() {
  const [tab, setTab] = useState('first')
  const [text, setText] = useState('')
  const [theme, setTheme] = useState<'day' | 'night'>('day')
  const [isOn, setOn] = useState(false)
  return (
    <PageSection title="What is filled in" about="Labels, hints and problems stand where they belong.">
      <Tabs
        label="Kinds"
        active={tab}
        onPick={setTab}
        items={['first', 'second', 'third'].map((id) => ({ id, label: `The ${id}` }))}
      />
      <TabPanel id={tab}>
        <p>Of the {tab}</p>
      </TabPanel>
      <SearchField label="Find a person" placeholder="Find a person" value={text} onInput={setText} />
      <Field label="Username" name="username" error="That name is taken" hint="Letters, digits and _." />
      <Select
        label="Role"
        options={[
          { value: 'member', label: 'Member' },
          { value: 'admin', label: 'Admin' },
        ]}
        value="member"
        onChange={() => undefined}
      />
      <TextArea label="Reason" optional value={text} onInput={setText} />
      <Choice
        label="Colours"
        value={theme}
        onChange={setTheme}
        options={[
          { value: 'day', label: 'Day', icon: 'sun' },
          { value: 'night', label: 'Night', icon: 'moon' },
        ]}
      />
      <Switch label="E-mail me" hint="Once an hour at most." checked={isOn} onChange={setOn} testId="switch" />
      <Switch label="Not for you" checked={false} isDisabled onChange={() => undefined} />
      <CopyField label="Invitation" value="https://selvage.test/app/join?room=7d1f&code=K7Q2M9XW" testId="copy" />
    </PageSection>
  )
}

const ROWS = Array.from({ length: 5 }, (_, at) => ({
  id: `row-${at}`,
  name: `Event ${at + 1}`,
  count: 40 + at * 1_201,
}))

function Lists() {
  const pages = usePages(
    async (cursor) =>
      cursor ? { items: ROWS.slice(3), nextCursor: null } : { items: ROWS.slice(0, 3), nextCursor: 'b' },
    [],
  )
  return (
    <PageSection title="What is listed">
      <Table
        caption="Events"
        columns={[
          { key: 'name', title: 'Event', render: ({ name }) => name },
          { key: 'count', title: 'Times', isNumber: true, render: ({ count }) => count.toLocaleString('en') },
          { key: 'do', title: '', render: ({ name }) => <Menu label={`Actions of ${name}`} items={[]} /> },
        ]}
        rows={pages.items}
        keyOf={({ id }) => id}
        isLoading={pages.status === 'loading'}
        hasMore={pages.hasMore}
        onMore={pages.loadMore}
        isLoadingMore={pages.isLoadingMore}
        testId="table"
      />
      <Table
        caption="Loading events"
        columns={[{ key: 'a', title: 'Event', render: () => '' }]}
        rows={[]}
        keyOf={String}
        isLoading
      />
      <Pager label="Pages" page={4} totalPages={9} hasNext hrefOf={(page) => `/?page=${page}`} />
      <List label="People">
        <ListRow
          href="/?room=1"
          lead={<Avatar id="1" name="Tomás Herrera" />}
          title="Tomás Herrera"
          text="Not directly. It runs at 02:00. But if it keeps growing like this it meets the morning in Sydney."
          end={<Badge count={120} />}
          isActive
          isNew
        />
        <ListRow
          lead={<Avatar id="2" name="Priya Raman" />}
          title="Priya Raman"
          text="Chromium on Linux"
          end="14:05"
          actions={<Menu label="Actions for Priya Raman" items={[]} />}
        />
      </List>
    </PageSection>
  )
}

function Progressing() {
  return (
    <PageSection title="What takes time, and what fails">
      <Progress label="Reading the trail" value={0.4} />
      <Meter label="Strength" value={0.75} text="good" tone="good" />
      <ErrorState problem={LIMITED} onRetry={() => undefined} testId="limited" />
      <ErrorState problem={BROKEN} onRetry={() => undefined} />
    </PageSection>
  )
}

followTheme()
const root = document.getElementById('app')
if (root) render(<Gallery />, root)
