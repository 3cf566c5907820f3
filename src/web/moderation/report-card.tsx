import type { Report } from '../../client/index.ts'
import { Avatar } from '../components/avatar.tsx'
import { Button } from '../components/button.tsx'
import { roomTitle } from '../names.ts'
import { followInside, roomHref } from '../route.ts'
import { useStore } from '../store.ts'
import { fullTime, timeAgo } from '../times.ts'
import { useWorkspace } from '../workspace.ts'
import { CATEGORY_WORDS, DECISION_WORDS, type Decision, decidedLine } from './report-texts.ts'

interface ReportCardProps {
  report: Report
  /** More reports of the same message. */
  others: readonly Report[]
  onDecide: (decision: Decision) => void
}

/** A message as it was when it was reported, what people said of it, and what can be done. */
export function ReportCard({ report, others, onDecide }: ReportCardProps) {
  const { user } = useWorkspace()
  const { message, status } = report
  const all = [report, ...others]
  const title = all.length === 1 ? 'One report' : `${all.length} reports`
  return (
    <article
      class="report"
      aria-label={`${title} of a message by ${message.author.username}`}
      data-testid="report"
      data-report-id={report.id}
      data-status={status}
    >
      <header class="report-head">
        <h2>{title}</h2>
        {[...new Set(all.map(({ category }) => category))].map((category) => (
          <span class="tag tag-bad" key={category}>
            {CATEGORY_WORDS[category]}
          </span>
        ))}
        <time class="report-time" dateTime={report.createdAt} title={fullTime(report.createdAt)}>
          {timeAgo(report.createdAt)}
        </time>
      </header>
      <figure class="report-message">
        <blockquote>{message.content}</blockquote>
        <figcaption>
          <Avatar id={message.author.id} name={message.author.username} small />
          <span>
            <strong>@{message.author.username}</strong>
            {', '}
            <time dateTime={message.createdAt} title={fullTime(message.createdAt)}>
              {timeAgo(message.createdAt)}
            </time>
            <RoomOf report={report} />
          </span>
        </figcaption>
      </figure>
      <Notes reports={all} />
      {status === 'open' ? (
        <div class="report-actions">
          <Button onPress={() => onDecide('dismiss')} testId="report-dismiss">
            {DECISION_WORDS.dismiss.ask}
          </Button>
          <Button kind="danger" onPress={() => onDecide('delete_message')} testId="report-delete">
            {DECISION_WORDS.delete_message.ask}
          </Button>
        </div>
      ) : (
        <p class="report-outcome" data-testid="report-outcome">
          <strong>{decidedLine(report, user.id)}</strong>
          {report.decidedAt && (
            <>
              {', '}
              <time dateTime={report.decidedAt} title={fullTime(report.decidedAt)}>
                {timeAgo(report.decidedAt)}
              </time>
            </>
          )}
          {report.reason && <span>“{report.reason}”</span>}
        </p>
      )}
    </article>
  )
}

/** The conversation itself only for its members: a report opens no door. */
function RoomOf({ report: { roomId } }: { report: Report }) {
  const { rooms } = useWorkspace()
  useStore(rooms.state)
  const room = rooms.find(roomId)
  if (!room) return <> in a conversation that you are not in</>
  return (
    <>
      {' in '}
      <a class="link" href={roomHref(roomId)} onClick={followInside}>
        {roomTitle(room)}
      </a>
    </>
  )
}

function Notes({ reports }: { reports: readonly Report[] }) {
  const noted = reports.filter(({ note }) => note !== null)
  if (noted.length === 0) return <p class="report-silent">Nobody wrote why.</p>
  return (
    <ul class="report-notes" aria-label="What was written with it">
      {noted.map(({ id, note, category }) => (
        <li key={id}>
          <strong>{CATEGORY_WORDS[category]}</strong> {note}
        </li>
      ))}
    </ul>
  )
}
