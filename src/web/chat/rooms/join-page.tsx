import { PageFrame } from '../../components/page-frame.tsx'

export function JoinPage() {
  return <PageFrame title="Join a conversation" />
}
