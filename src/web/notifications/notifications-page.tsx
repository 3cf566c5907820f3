import { useEffect } from 'preact/hooks'
import type { Notification } from '../../client/index.ts'
import { Button } from '../components/button.tsx'
import { ErrorState } from '../components/error-state.tsx'
import { List } from '../components/list.tsx'
import { Notice } from '../components/notice.tsx'
import { PageFrame } from '../components/page-frame.tsx'
import { lineOf } from '../components/problem-words.ts'
import { SkeletonRows } from '../components/skeleton.tsx'
import { Tabs } from '../components/tabs.tsx'
import { ADDRESSES, accountHref, followInside, hrefOf, route } from '../route.ts'
import { useStore } from '../store.ts'
import { dayTitle } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import type { InboxFilter } from './inbox-store.ts'
import { NotificationItem } from './notification-item.tsx'

const EMPTY: Record<InboxFilter, [title: string, text: string]> = {
  all: ['Nothing here yet', 'When somebody writes to you or invites you while you are elsewhere, it is kept here.'],
  unread: ['All read', 'There is nothing that you have not seen.'],
}

/** All that one was told, newest first. */
export function NotificationsPage() {
  const { inbox } = useWorkspace()
  const state = useStore(inbox.state)
  const filter: InboxFilter = useStore(route).query.filter === 'unread' ? 'unread' : 'all'
  const { status, items, problem, nextCursor, isLoadingMore } = state[filter]

  useEffect(() => {
    // What is live keeps the first list true; the other one is asked for when it is looked at.
    if (filter === 'unread' || inbox.state.value.all.status !== 'ready') void inbox.load(filter)
  }, [filter, inbox])

  const [emptyTitle, emptyText] = EMPTY[filter]
  return (
    <PageFrame
      title="Notifications"
      about={
        <>
          What you are told of, and how, is{' '}
          <a class="link" href={accountHref('notifications')} onClick={followInside}>
            yours to choose
          </a>
          .
        </>
      }
      actions={
        state.count > 0 && (
          <Button onPress={() => void inbox.markAllRead()} testId="inbox-mark-all-read">
            Mark all as read
          </Button>
        )
      }
    >
      <Tabs
        label="Which notifications"
        active={filter}
        items={[
          { id: 'all', label: 'All', href: ADDRESSES.notifications, testId: 'filter-all' },
          {
            id: 'unread',
            label: 'Unread',
            count: state.count,
            href: hrefOf(ADDRESSES.notifications, { filter: 'unread' }),
            testId: 'filter-unread',
          },
        ]}
      />
      <div class="inbox" data-testid="inbox" data-status={status}>
        {(status === 'idle' || status === 'loading') && items.length === 0 && (
          <SkeletonRows count={6} label="Loading notifications" />
        )}
        {status === 'failed' && <ErrorState problem={problem} onRetry={() => void inbox.load(filter)} />}
        {status === 'ready' && items.length === 0 && (
          <Notice title={emptyTitle} withMark testId="inbox-empty">
            <p>{emptyText}</p>
          </Notice>
        )}
        {status === 'ready' && problem !== null && (
          <p class="inbox-stale" role="status">
            {lineOf(problem)}{' '}
            <Button kind="text" onPress={() => void inbox.load(filter)}>
              Try again
            </Button>
          </p>
        )}
        {daysOf(items).map(({ day, ofDay }) => (
          <section class="inbox-day" key={day}>
            <h2>{day}</h2>
            <List label={`Notifications, ${day}`}>
              {ofDay.map((item) => (
                <NotificationItem key={item.id} item={item} />
              ))}
            </List>
          </section>
        ))}
        {status === 'ready' && nextCursor && (
          <div class="inbox-more">
            <Button onPress={() => void inbox.loadMore(filter)} isBusy={isLoadingMore} testId="inbox-more">
              Show older ones
            </Button>
          </div>
        )}
      </div>
    </PageFrame>
  )
}

function daysOf(items: readonly Notification[]): { day: string; ofDay: Notification[] }[] {
  const days: { day: string; ofDay: Notification[] }[] = []
  for (const item of items) {
    const day = dayTitle(item.updatedAt)
    const last = days.at(-1)
    if (last?.day === day) last.ofDay.push(item)
    else days.push({ day, ofDay: [item] })
  }
  return days
}
