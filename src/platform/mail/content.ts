/** What a mail says, before it has a form: `composeMail` makes HTML and plain text of it. All of it is plain text. */
export interface MailContent {
  subject: string
  /** Above the text, in large letters. */
  heading: string
  /** The first name of whom it is written to. */
  name: string
  paragraphs: readonly string[]
  /** What the reader is asked to do; its address stands below it as well, for those who cannot press buttons. */
  action?: { label: string; url: string }
  /** What happened, as a small table: when, from where, with what. */
  facts?: readonly { label: string; value: string }[]
  /** After the action, smaller: how long a link is good, what to do if it was not you. */
  notes?: readonly string[]
}

/** A mail as somebody might get it, for whoever works on its words or its look. */
export interface MailSample {
  /** Stands in the address of its page: letters, digits and `-`. */
  name: string
  content: MailContent
}
