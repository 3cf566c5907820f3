/**
 * Made by `npm run client` from the OpenAPI document and the commands of rooms. Do not edit: `npm run check` compares.
 * Every shape on the wire, and every operation with what it takes and answers.
 */

export type SignInAnswer = SignedIn | MfaRequired
export type ProductState = 'draft' | 'published' | 'archived'
export type Excerpt = {
  text: string
  isMatch: boolean
}[]
export type ProcessProductsBody =
  | {
      action: 'change-price'
      percent: number
      products:
        | {
            categoryId: string
          }
        | {
            brand: string
          }
    }
  | {
      action: 'publish'
      products:
        | {
            categoryId: string
          }
        | {
            brand: string
          }
    }
  | {
      action: 'archive'
      products:
        | {
            categoryId: string
          }
        | {
            brand: string
          }
    }
export type ProblemCode =
  | 'MALFORMED_REQUEST'
  | 'VALIDATION_FAILED'
  | 'IDEMPOTENCY_KEY_REQUIRED'
  | 'UNAUTHENTICATED'
  | 'INVALID_CREDENTIALS'
  | 'INVALID_REFRESH_TOKEN'
  | 'INVALID_TOKEN'
  | 'INVALID_CODE'
  | 'MFA_ENABLED'
  | 'MFA_NOT_ENABLED'
  | 'FORBIDDEN'
  | 'EMAIL_NOT_VERIFIED'
  | 'STEP_UP_REQUIRED'
  | 'SESSION_REQUIRED'
  | 'CAPTCHA_REQUIRED'
  | 'CAPTCHA_FAILED'
  | 'ADDRESS_BLOCKED'
  | 'ORIGIN_NOT_ALLOWED'
  | 'HOST_NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'METHOD_NOT_ALLOWED'
  | 'NOT_ACCEPTABLE'
  | 'CONFLICT'
  | 'REQUEST_IN_PROGRESS'
  | 'EMAIL_TAKEN'
  | 'USERNAME_TAKEN'
  | 'SIGN_IN_TO_LINK'
  | 'PRECONDITION_FAILED'
  | 'PAYLOAD_TOO_LARGE'
  | 'UNSUPPORTED_MEDIA_TYPE'
  | 'UNPROCESSABLE'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'UPGRADE_REQUIRED'
  | 'PRECONDITION_REQUIRED'
  | 'RATE_LIMITED'
  | 'INTERNAL_ERROR'
  | 'UNAVAILABLE'
  | 'DEADLINE_EXCEEDED'
/**
 * Any JSON value
 *
 */
export type JsonValue = unknown
/**
 * @minItems 1
 * @maxItems 50
 *
 */
export type JsonPatch = (
  | {
      op: 'add'
      /** A JSON Pointer to the field, such as `/name` */
      path: string
      value: JsonValue
    }
  | {
      op: 'replace'
      /** A JSON Pointer to the field, such as `/name` */
      path: string
      value: JsonValue
    }
  | {
      op: 'test'
      /** A JSON Pointer to the field, such as `/name` */
      path: string
      value: JsonValue
    }
  | {
      op: 'remove'
      /** A JSON Pointer to the field, such as `/name` */
      path: string
    }
  | {
      op: 'move'
      /** A JSON Pointer to the field, such as `/name` */
      from: string
      /** A JSON Pointer to the field, such as `/name` */
      path: string
    }
  | {
      op: 'copy'
      /** A JSON Pointer to the field, such as `/name` */
      from: string
      /** A JSON Pointer to the field, such as `/name` */
      path: string
    }
)[]

export interface Operations {
  /** Register an account */
  'POST /v1/auth/register': {
    body: RegisterBody
    data: Registered
    meta: Meta
  }
  /** Sign in */
  'POST /v1/auth/login': {
    body: LoginBody
    data: SignInAnswer
    meta: Meta
  }
  /** Exchange a refresh token */
  'POST /v1/auth/refresh': {
    body: RefreshBody
    data: SignedIn
    meta: Meta
  }
  /** Sign out */
  'POST /v1/auth/logout': {
    data: Told
    meta: Meta
  }
  /** Sign out everywhere */
  'POST /v1/auth/logout-all': {
    data: Told
    meta: Meta
  }
  /** Sign out everywhere else */
  'POST /v1/auth/logout-others': {
    data: SignedOutElsewhere
    meta: Meta
  }
  /** Read the signed-in user */
  'GET /v1/auth/me': {
    data: CurrentUser
    meta: Meta
  }
  /** Delete own account */
  'DELETE /v1/auth/me': {
    data: Done
    meta: Meta
  }
  /** List own sessions */
  'GET /v1/auth/sessions': {
    data: Session[]
    meta: Meta
  }
  /** End one of the own sessions */
  'DELETE /v1/auth/sessions/{id}': {
    params: {
      id: string
    }
    data: undefined
    meta: undefined
  }
  /** Read how to show that one is not a program */
  'GET /v1/auth/captcha': {
    data: CaptchaWidget
    meta: Meta
  }
  /** Read whether signing in takes a second step */
  'GET /v1/auth/mfa': {
    data: MfaStatus
    meta: Meta
  }
  /** Set up an authenticator app */
  'POST /v1/auth/mfa/setup': {
    data: MfaSetup
    meta: Meta
  }
  /** Switch two-step sign-in on */
  'POST /v1/auth/mfa/enable': {
    body: EnableMfaBody
    data: BackupCodes
    meta: Meta
  }
  /** Switch two-step sign-in off */
  'POST /v1/auth/mfa/disable': {
    body: DisableMfaBody
    data: Told
    meta: Meta
  }
  /** Make new backup codes */
  'POST /v1/auth/mfa/backup-codes/regenerate': {
    body: RenewBackupCodesBody
    data: BackupCodes
    meta: Meta
  }
  /** Finish signing in with a code of the app */
  'POST /v1/auth/mfa/verify': {
    body: VerifyMfaBody
    data: SignedIn
    meta: Meta
  }
  /** Finish signing in with a backup code */
  'POST /v1/auth/mfa/backup-code': {
    body: BackupSignInBody
    data: SignedInByBackupCode
    meta: Meta
  }
  /** Show anew who you are */
  'POST /v1/auth/step-up': {
    body: StepUpBody
    data: SteppedUp
    meta: Meta
  }
  /** Ask for a mail that resets a password */
  'POST /v1/auth/forgot-password': {
    body: ForgotPasswordBody
    data: Told
    meta: Meta
  }
  /** Ask whether a reset token is still good */
  'GET /v1/auth/reset-password/validate': {
    query: {
      token: string
      email?: string
    }
    data: Validity
    meta: Meta
  }
  /** Ask whether a reset token is still good, with the token in the body */
  'POST /v1/auth/reset-password/validate': {
    body: MailedTokenBody
    data: Validity
    meta: Meta
  }
  /** Choose a new password by a mailed token */
  'POST /v1/auth/reset-password': {
    body: ResetPasswordBody
    data: PasswordReset
    meta: Meta
  }
  /** Show by a mailed token that an address is one’s own */
  'POST /v1/auth/verify-email': {
    body: MailedTokenBody
    data: Told
    meta: Meta
  }
  /** Ask whose address a mailed token would make it */
  'POST /v1/auth/verify-email/validate': {
    body: MailedTokenBody
    data: VerificationLink
    meta: Meta
  }
  /** Ask once more for the mail that verifies an address */
  'POST /v1/auth/resend-verification': {
    body: AddressBody
    data: Told
    meta: Meta
  }
  /** Ask whether one’s own address is verified */
  'GET /v1/auth/check-verification': {
    data: Verification
    meta: Meta
  }
  /** Change the own password */
  'POST /v1/auth/change-password': {
    body: ChangePasswordBody
    data: Told
    meta: Meta
  }
  /** Ask for another address of the own account */
  'POST /v1/auth/change-email': {
    body: ChangeEmailBody
    data: Told
    meta: Meta
  }
  /** List own passkeys, newest first */
  'GET /v1/auth/passkeys': {
    data: Passkey[]
    meta: Meta
  }
  /** Add a passkey */
  'POST /v1/auth/passkeys': {
    body: AddPasskeyBody
    data: Passkey
    meta: Meta
  }
  /** Begin to add a passkey */
  'POST /v1/auth/passkeys/options': {
    data: PasskeyCreation
    meta: Meta
  }
  /** Begin to sign in with a passkey */
  'POST /v1/auth/passkeys/sign-in/options': {
    data: PasskeyRequest
    meta: Meta
  }
  /** Sign in with a passkey */
  'POST /v1/auth/passkeys/sign-in': {
    body: PasskeySignInBody
    data: SignedIn
    meta: Meta
  }
  /** Begin to finish signing in with a passkey */
  'POST /v1/auth/passkeys/second-step/options': {
    body: PasskeySecondStepOptionsBody
    data: PasskeyRequest
    meta: Meta
  }
  /** Finish signing in with a passkey */
  'POST /v1/auth/passkeys/second-step': {
    body: PasskeySecondStepBody
    data: SignedIn
    meta: Meta
  }
  /** Begin to show anew who you are with a passkey */
  'POST /v1/auth/passkeys/step-up/options': {
    data: PasskeyRequest
    meta: Meta
  }
  /** Rename a passkey */
  'PATCH /v1/auth/passkeys/{id}': {
    params: {
      /** As the browser gave it, in base64url */
      id: string
    }
    body: RenamePasskeyBody
    data: Done
    meta: Meta
  }
  /** Remove a passkey */
  'DELETE /v1/auth/passkeys/{id}': {
    params: {
      /** As the browser gave it, in base64url */
      id: string
    }
    data: undefined
    meta: undefined
  }
  /** List own API keys, newest first */
  'GET /v1/auth/api-keys': {
    data: ApiKey[]
    meta: Meta
  }
  /** Make an API key */
  'POST /v1/auth/api-keys': {
    body: CreateApiKeyBody
    data: NewApiKey
    meta: Meta
  }
  /** Rename an API key */
  'PATCH /v1/auth/api-keys/{id}': {
    params: {
      id: string
    }
    body: RenameApiKeyBody
    data: Done
    meta: Meta
  }
  /** Revoke an API key */
  'DELETE /v1/auth/api-keys/{id}': {
    params: {
      id: string
    }
    data: undefined
    meta: undefined
  }
  /** List by whom one may sign in */
  'GET /v1/auth/providers': {
    data: SignInProvider[]
    meta: Meta
  }
  /** List own accounts at providers */
  'GET /v1/auth/providers/linked': {
    data: LinkedAccount[]
    meta: Meta
  }
  /** Sign in as whom a provider vouches for */
  'POST /v1/auth/providers/finish': {
    body: FinishSignInBody
    data: SignInAnswer
    meta: Meta
  }
  /** Link the account of a provider */
  'POST /v1/auth/providers/finish-link': {
    body: FinishLinkBody
    data: LinkedAccount
    meta: Meta
  }
  /** Begin to sign in with a provider */
  'POST /v1/auth/providers/{provider}/begin': {
    params: {
      provider: string
    }
    data: ProviderSignIn
    meta: Meta
  }
  /** Begin to link an account at a provider */
  'POST /v1/auth/providers/{provider}/begin-link': {
    params: {
      provider: string
    }
    data: ProviderSignIn
    meta: Meta
  }
  /** Unlink the account at a provider */
  'DELETE /v1/auth/providers/{provider}/link': {
    params: {
      provider: string
    }
    data: Done
    meta: Meta
  }
  /** Read the own profile */
  'GET /v1/users/profile': {
    data: CurrentUser
    meta: Meta
  }
  /** Read the own role */
  'GET /v1/users/role': {
    data: OwnRole
    meta: Meta
  }
  /** Set a user’s role */
  'PATCH /v1/users/{id}/role': {
    params: {
      id: string
    }
    body: RoleBody
    data: Member
    meta: Meta
  }
  /** Set a user’s role (as `/role`) */
  'PATCH /v1/users/{id}/change-role': {
    params: {
      id: string
    }
    body: RoleBody
    data: Member
    meta: Meta
  }
  /** Give a user one role more */
  'PUT /v1/users/{id}/roles/{role}': {
    params: {
      id: string
      role: 'guest' | 'user' | 'moderator' | 'admin'
    }
    body: ReasonBody
    data: Member
    meta: Meta
  }
  /** Take one of a user’s roles */
  'POST /v1/users/{id}/roles/{role}/revoke': {
    params: {
      id: string
      role: 'guest' | 'user' | 'moderator' | 'admin'
    }
    body: ReasonBody
    data: Member
    meta: Meta
  }
  /** Deactivate a user */
  'POST /v1/users/{id}/deactivate': {
    params: {
      id: string
    }
    body: ReasonBody
    data: UserState
    meta: Meta
  }
  /** Close a user’s account */
  'PATCH /v1/users/{id}/deactivate': {
    params: {
      id: string
    }
    data: UserV1
    meta: Meta
  }
  /** Reactivate a user */
  'POST /v1/users/{id}/reactivate': {
    params: {
      id: string
    }
    body: ReasonBody
    data: UserState
    meta: Meta
  }
  /** List the roles with what each gives */
  'GET /v1/admin/roles': {
    data: RoleInfo[]
    meta: Meta
  }
  /** List all permissions */
  'GET /v1/admin/permissions': {
    data: PermissionInfo[]
    meta: Meta
  }
  /** Grant or deny a user one permission */
  'POST /v1/admin/permissions/grant': {
    body: GrantBody
    data: UserAccess
    meta: Meta
  }
  /** Take back what was granted or denied to a user */
  'POST /v1/admin/permissions/revoke': {
    body: RevokeBody
    data: UserAccess
    meta: Meta
  }
  /** Read what a user may */
  'GET /v1/admin/permissions/user/{userId}': {
    params: {
      userId: string
    }
    data: UserAccess
    meta: Meta
  }
  /** List what can be granted on single things */
  'GET /v1/admin/resources': {
    data: ResourceInfo[]
    meta: Meta
  }
  /** List what a user was granted on single things */
  'GET /v1/admin/resource-permissions/user/{userId}': {
    params: {
      userId: string
    }
    query: {
      cursor?: string
      limit?: number
    }
    data: ThingGrant[]
    meta: CursorMeta
  }
  /** Let a user do something with one thing that is not theirs */
  'POST /v1/admin/resource-permissions/grant': {
    body: ThingGrantBody
    data: ThingGrantState
    meta: Meta
  }
  /** Take back what a user may do with one thing */
  'POST /v1/admin/resource-permissions/revoke': {
    body: ThingGrantBody
    data: ThingGrantState
    meta: Meta
  }
  /** Find people by the start of a username or name */
  'GET /v1/people': {
    query: {
      q: string
    }
    data: Person[]
    meta: Meta
  }
  /** List the people whom one has blocked, newest first */
  'GET /v1/people/blocked': {
    query: {
      cursor?: string
      limit?: number
    }
    data: BlockedPerson[]
    meta: CursorMeta
  }
  /** Block a person */
  'PUT /v1/people/{id}/block': {
    params: {
      id: string
    }
    data: Done
    meta: Meta
  }
  /** Unblock a person */
  'DELETE /v1/people/{id}/block': {
    params: {
      id: string
    }
    data: Done
    meta: Meta
  }
  /** List own rooms, newest activity first */
  'GET /v1/chat/rooms': {
    query: {
      cursor?: string
      limit?: number
    }
    data: Room[]
    meta: CursorMeta
  }
  /** Create a group */
  'POST /v1/chat/rooms': {
    body: CreateRoomBody
    data: Room
    meta: Meta
  }
  /** Open the private room with a person */
  'POST /v1/chat/rooms/private': {
    body: OpenPrivateRoomBody
    data: Room
    meta: Meta
  }
  /** Find groups that anybody may join, by the beginning of their name */
  'GET /v1/chat/rooms/open': {
    query: {
      cursor?: string
      limit?: number
      q?: string
    }
    data: OpenRoom[]
    meta: CursorMeta
  }
  /** Read a room with its settings and first members */
  'GET /v1/chat/rooms/{id}': {
    params: {
      id: string
    }
    data: RoomWithMembers
    meta: Meta
  }
  /** Name a room, or change how it goes about its business */
  'PATCH /v1/chat/rooms/{id}': {
    params: {
      id: string
    }
    body: UpdateRoomBody
    data: Room
    meta: Meta
  }
  /** Mark a room as read */
  'POST /v1/chat/rooms/{id}/read': {
    params: {
      id: string
    }
    body: ReadBody
    data: ReadPosition
    meta: Meta
  }
  /** Say that one writes, or has stopped */
  'POST /v1/chat/rooms/{id}/typing': {
    params: {
      id: string
    }
    body: TypingBody
    data: Done
    meta: Meta
  }
  /** Read who is here */
  'GET /v1/chat/rooms/{id}/presence': {
    params: {
      id: string
    }
    data: RoomPresence
    meta: Meta
  }
  /** Read a room’s history */
  'GET /v1/chat/rooms/{id}/messages': {
    params: {
      id: string
    }
    query: {
      page?: number
      cursor?: string
      limit?: number
      before?: number
      after?: number
    }
    data: Message[]
    meta: ListPageMeta | CursorMeta
  }
  /** Send a message */
  'POST /v1/chat/rooms/{id}/messages': {
    params: {
      id: string
    }
    body: SendMessageBody
    data: Message
    meta: Meta
  }
  /** Search a room’s messages */
  'GET /v1/chat/rooms/{id}/search': {
    params: {
      id: string
    }
    query: {
      q: string
    }
    data: Message[]
    meta: Meta
  }
  /** List pinned messages, the newest pin first */
  'GET /v1/chat/rooms/{id}/pins': {
    params: {
      id: string
    }
    data: Message[]
    meta: Meta
  }
  /** Read a message */
  'GET /v1/chat/rooms/{id}/messages/{messageId}': {
    params: {
      id: string
      messageId: string
    }
    data: Message
    meta: Meta
  }
  /** Edit one’s own message */
  'PATCH /v1/chat/rooms/{id}/messages/{messageId}': {
    params: {
      id: string
      messageId: string
    }
    body: EditMessageBody
    data: Message
    meta: Meta
  }
  /** Delete a message */
  'DELETE /v1/chat/rooms/{id}/messages/{messageId}': {
    params: {
      id: string
      messageId: string
    }
    data: Done
    meta: Meta
  }
  /** Read the thread that began with a message */
  'GET /v1/chat/rooms/{id}/messages/{messageId}/thread': {
    params: {
      id: string
      messageId: string
    }
    query: {
      cursor?: string
      limit?: number
    }
    data: Message[]
    meta: CursorMeta
  }
  /** List who has reacted to a message */
  'GET /v1/chat/rooms/{id}/messages/{messageId}/reactions': {
    params: {
      id: string
      messageId: string
    }
    query: {
      cursor?: string
      limit?: number
    }
    data: Reactor[]
    meta: CursorMeta
  }
  /** React to a message */
  'PUT /v1/chat/rooms/{id}/messages/{messageId}/reactions/{emoji}': {
    params: {
      id: string
      messageId: string
      emoji: string
    }
    data: Message
    meta: Meta
  }
  /** Take a reaction back */
  'DELETE /v1/chat/rooms/{id}/messages/{messageId}/reactions/{emoji}': {
    params: {
      id: string
      messageId: string
      emoji: string
    }
    data: Message
    meta: Meta
  }
  /** Pin a message */
  'PUT /v1/chat/rooms/{id}/messages/{messageId}/pin': {
    params: {
      id: string
      messageId: string
    }
    data: Message
    meta: Meta
  }
  /** Unpin a message */
  'DELETE /v1/chat/rooms/{id}/messages/{messageId}/pin': {
    params: {
      id: string
      messageId: string
    }
    data: Message
    meta: Meta
  }
  /** Join a room */
  'POST /v1/chat/rooms/{id}/join': {
    params: {
      id: string
    }
    body: JoinBody
    data: Done
    meta: Meta
  }
  /** See a room before joining it */
  'POST /v1/chat/rooms/{id}/preview': {
    params: {
      id: string
    }
    body: JoinBody
    data: RoomPreview
    meta: Meta
  }
  /** Leave a room */
  'POST /v1/chat/rooms/{id}/leave': {
    params: {
      id: string
    }
    data: Done
    meta: Meta
  }
  /** Say what of this room one wants to be told */
  'PATCH /v1/chat/rooms/{id}/me': {
    params: {
      id: string
    }
    body: NotifyBody
    data: OwnMembership
    meta: Meta
  }
  /** List members, in the order in which they joined */
  'GET /v1/chat/rooms/{id}/members': {
    params: {
      id: string
    }
    query: {
      cursor?: string
      limit?: number
    }
    data: RoomMember[]
    meta: CursorMeta
  }
  /** Add people to a room */
  'POST /v1/chat/rooms/{id}/members': {
    params: {
      id: string
    }
    body: AddMembersBody
    data: Done
    meta: Meta
  }
  /** Give a member a role */
  'PATCH /v1/chat/rooms/{id}/members/{userId}': {
    params: {
      id: string
      userId: string
    }
    body: SetRoleBody
    data: RoomMember
    meta: Meta
  }
  /** Remove a member */
  'DELETE /v1/chat/rooms/{id}/members/{userId}': {
    params: {
      id: string
      userId: string
    }
    data: Done
    meta: Meta
  }
  /** Mute a member for some time */
  'PUT /v1/chat/rooms/{id}/members/{userId}/mute': {
    params: {
      id: string
      userId: string
    }
    body: MuteBody
    data: RoomMember
    meta: Meta
  }
  /** Let a member write again */
  'DELETE /v1/chat/rooms/{id}/members/{userId}/mute': {
    params: {
      id: string
      userId: string
    }
    data: RoomMember
    meta: Meta
  }
  /** List who is banned */
  'GET /v1/chat/rooms/{id}/bans': {
    params: {
      id: string
    }
    query: {
      cursor?: string
      limit?: number
    }
    data: Ban[]
    meta: CursorMeta
  }
  /** Ban somebody */
  'PUT /v1/chat/rooms/{id}/bans/{userId}': {
    params: {
      id: string
      userId: string
    }
    body: BanBody
    data: Done
    meta: Meta
  }
  /** Lift a ban */
  'DELETE /v1/chat/rooms/{id}/bans/{userId}': {
    params: {
      id: string
      userId: string
    }
    data: Done
    meta: Meta
  }
  /** List invitations that can be used */
  'GET /v1/chat/rooms/{id}/invites': {
    params: {
      id: string
    }
    data: Invite[]
    meta: Meta
  }
  /** Invite people */
  'POST /v1/chat/rooms/{id}/invites': {
    params: {
      id: string
    }
    body: CreateInviteBody
    data: NewInvite
    meta: Meta
  }
  /** Revoke an invitation */
  'DELETE /v1/chat/rooms/{id}/invites/{inviteId}': {
    params: {
      id: string
      inviteId: string
    }
    data: Done
    meta: Meta
  }
  /** Report a message to the moderators */
  'POST /v1/chat/rooms/{id}/messages/{messageId}/reports': {
    params: {
      id: string
      messageId: string
    }
    body: ReportMessageBody
    data: OwnReport
    meta: Meta
  }
  /** List own notifications, newest first */
  'GET /v1/notifications': {
    query: {
      page?: number
      cursor?: string
      limit?: number
      unreadOnly?: string
    }
    data: Notification[]
    meta: ListPageMeta | CursorMeta
  }
  /** Count own unread notifications */
  'GET /v1/notifications/unread-count': {
    data: UnreadCount
    meta: Meta
  }
  /** Mark all as read */
  'POST /v1/notifications/mark-all-read': {
    data: Done
    meta: Meta
  }
  /** Read how I want to be told */
  'GET /v1/notifications/preferences': {
    data: NotificationPreferences
    meta: Meta
  }
  /** Change how I want to be told */
  'PATCH /v1/notifications/preferences': {
    body: PreferencesBody
    data: NotificationPreferences
    meta: Meta
  }
  /** Mark one as read */
  'PATCH /v1/notifications/{id}/read': {
    params: {
      id: string
    }
    data: Done
    meta: Meta
  }
  /** Delete a notification */
  'DELETE /v1/notifications/{id}': {
    params: {
      id: string
    }
    data: Done
    meta: Meta
  }
  /** Get a ticket for a socket */
  'POST /v1/ws-tickets': {
    data: SocketTicket
    meta: Meta
  }
  /** List products */
  'GET /v1/products': {
    query: {
      /** The number of a page, from 1 */
      page?: number
      cursor?: string
      after?: string
      afterId?: string
      /** How many there are on a page */
      limit?: number
      /** The slug of a category */
      category?: string
      /** The same by its id */
      categoryId?: string
      /** The brand, just as it is written */
      brand?: string
      /** The least price, in minor units */
      minPrice?: number
      /** The highest price, in minor units */
      maxPrice?: number
      /** Where the price is this */
      'price[eq]'?: number
      /** Where the price is not this */
      'price[ne]'?: number
      /** Where the price is above this */
      'price[gt]'?: number
      /** Where the price is at least this */
      'price[gte]'?: number
      /** Where the price is below this */
      'price[lt]'?: number
      /** Where the price is at most this */
      'price[lte]'?: number
      /** Where the stock is above this */
      'stock[gt]'?: number
      /** Where the stock is at least this */
      'stock[gte]'?: number
      /** Whether there is any of it */
      inStock?: '0' | '1' | 'true' | 'false'
      /** Only the value true asks for something */
      inStockOnly?: '0' | '1' | 'true' | 'false'
      /** One of these tags */
      tags?: string | string[]
      /** Made then or later */
      startDate?: string
      /** Made then or before; a day until its end */
      endDate?: string
      state?: ProductState
      /** What name, description or SKU contain, or a whole tag */
      search?: string
      /** The same as search */
      q?: string
      /** What of each item is wanted, between commas. The id always comes; unknown names are passed over. */
      fields?: string
      format?: 'package' | 'headers'
      /** What the list is sorted by */
      sortBy?: 'createdAt' | 'name' | 'price' | 'stock' | 'rating'
      /** ASC or DESC, of sortBy */
      order?: string
      /** Several keys, - for descending; instead of sortBy */
      sort?: string
    }
    data: ProductItem[]
    meta: ListPageMeta | ListCursorMeta | ListKeysetMeta
  }
  /** Create a product */
  'POST /v1/products': {
    body: CreateProductBody
    data: Product
    meta: Meta
  }
  /** Search products by their words, best first */
  'GET /v1/products/search': {
    query: {
      q: string
      page?: number
      limit?: number
      /** The slug of a category */
      category?: string
      /** The same by its id */
      categoryId?: string
      /** The brand, just as it is written */
      brand?: string
      /** The least price, in minor units */
      minPrice?: number
      /** The highest price, in minor units */
      maxPrice?: number
      /** Where the price is this */
      'price[eq]'?: number
      /** Where the price is not this */
      'price[ne]'?: number
      /** Where the price is above this */
      'price[gt]'?: number
      /** Where the price is at least this */
      'price[gte]'?: number
      /** Where the price is below this */
      'price[lt]'?: number
      /** Where the price is at most this */
      'price[lte]'?: number
      /** Where the stock is above this */
      'stock[gt]'?: number
      /** Where the stock is at least this */
      'stock[gte]'?: number
      /** Whether there is any of it */
      inStock?: '0' | '1' | 'true' | 'false'
      /** Only the value true asks for something */
      inStockOnly?: '0' | '1' | 'true' | 'false'
      /** One of these tags */
      tags?: string | string[]
      /** Made then or later */
      startDate?: string
      /** Made then or before; a day until its end */
      endDate?: string
      state?: ProductState
    }
    data: FoundProduct[]
    meta: ListPageMeta
  }
  /** Count what the products have that filters find */
  'GET /v1/products/facets': {
    query: {
      /** The slug of a category */
      category?: string
      /** The same by its id */
      categoryId?: string
      /** The brand, just as it is written */
      brand?: string
      /** The least price, in minor units */
      minPrice?: number
      /** The highest price, in minor units */
      maxPrice?: number
      /** Where the price is this */
      'price[eq]'?: number
      /** Where the price is not this */
      'price[ne]'?: number
      /** Where the price is above this */
      'price[gt]'?: number
      /** Where the price is at least this */
      'price[gte]'?: number
      /** Where the price is below this */
      'price[lt]'?: number
      /** Where the price is at most this */
      'price[lte]'?: number
      /** Where the stock is above this */
      'stock[gt]'?: number
      /** Where the stock is at least this */
      'stock[gte]'?: number
      /** Whether there is any of it */
      inStock?: '0' | '1' | 'true' | 'false'
      /** Only the value true asks for something */
      inStockOnly?: '0' | '1' | 'true' | 'false'
      /** One of these tags */
      tags?: string | string[]
      /** Made then or later */
      startDate?: string
      /** Made then or before; a day until its end */
      endDate?: string
      state?: ProductState
      /** What name, description or SKU contain, or a whole tag */
      search?: string
      /** The same as search */
      q?: string
      /** Instead of search: what `/products/search` finds by these words */
      words?: string
    }
    data: ProductFacets
    meta: Meta
  }
  /** Change all products of a category or a brand */
  'POST /v1/products/process': {
    body: ProcessProductsBody
    data: Operation
    meta: Meta
  }
  /** Create up to 100 products, all or none */
  'POST /v1/products/bulk': {
    /**
     * @minItems 1
     * @maxItems 100
     */
    body: CreateProductBody[]
    data: CreatedProduct[]
    meta: Meta
  }
  /** Delete up to 100 products, all or none */
  'DELETE /v1/products/bulk': {
    query: {
      /** Ids, with commas between them */
      ids: string
    }
    data: undefined
    meta: undefined
  }
  /** Read a product */
  'GET /v1/products/{id}': {
    params: {
      /** The id of a product, or its slug */
      id: string
    }
    query: {
      /** What of each item is wanted, between commas. The id always comes; unknown names are passed over. */
      fields?: string
    }
    data: Product
    meta: Meta
  }
  /** Replace a product */
  'PUT /v1/products/{id}': {
    params: {
      id: string
    }
    body: ReplaceProductBody
    data: Product
    meta: Meta
  }
  /** Change a product */
  'PATCH /v1/products/{id}': {
    params: {
      id: string
    }
    body: {
      name?: string
      slug?: string
      sku?: string
      description?: string
      brand?: string | null
      categoryId?: string | null
      compareAtPrice?: number | null
      weightGrams?: number | null
      price?: number
      /** By ISO 4217. All prices of the catalogue are in one; another one is 422. */
      currency?: string
      attributes?: {
        [k: string]: string
      }
      /** @maxItems 10 */
      images?: {
        url: string
        alt?: string
      }[]
      /** @maxItems 20 */
      tags?: string[]
      /** @maxItems 50 */
      variants?: VariantBody[]
    }
    data: Product
    meta: Meta
  }
  /** Delete a product */
  'DELETE /v1/products/{id}': {
    params: {
      id: string
    }
    data: undefined
    meta: undefined
  }
  /** Publish a product */
  'POST /v1/products/{id}/publish': {
    params: {
      id: string
    }
    data: Product
    meta: Meta
  }
  /** Archive a product */
  'POST /v1/products/{id}/archive': {
    params: {
      id: string
    }
    data: Product
    meta: Meta
  }
  /** Say how many of a product there are */
  'PATCH /v1/products/{id}/stock': {
    params: {
      id: string
    }
    body: StockBody
    data: Product
    meta: Meta
  }
  /** List the reviews of a product, newest first */
  'GET /v1/products/{id}/reviews': {
    params: {
      /** The id of a product, or its slug */
      id: string
    }
    query: {
      page?: number
      cursor?: string
      limit?: number
      rating?: string
      state?: 'visible' | 'hidden'
      /** What the list is sorted by */
      sortBy?: 'createdAt' | 'rating'
      /** ASC or DESC, of sortBy */
      order?: string
      /** Several keys, - for descending; instead of sortBy */
      sort?: string
    }
    data: Review[]
    meta: ListPageMeta | CursorMeta
  }
  /** Review a product */
  'POST /v1/products/{id}/reviews': {
    params: {
      /** The id of a product, or its slug */
      id: string
    }
    body: WriteReviewBody
    data: Review
    meta: Meta
  }
  /** Read a review */
  'GET /v1/products/{id}/reviews/{reviewId}': {
    params: {
      id: string
      reviewId: string
    }
    data: Review
    meta: Meta
  }
  /** Change a review of one’s own */
  'PATCH /v1/products/{id}/reviews/{reviewId}': {
    params: {
      id: string
      reviewId: string
    }
    body: ChangeReviewBody
    data: Review
    meta: Meta
  }
  /** Delete a review of one’s own */
  'DELETE /v1/products/{id}/reviews/{reviewId}': {
    params: {
      id: string
      reviewId: string
    }
    data: undefined
    meta: undefined
  }
  /** Hide a review */
  'POST /v1/products/{id}/reviews/{reviewId}/hide': {
    params: {
      id: string
      reviewId: string
    }
    body: JudgeReviewBody
    data: Review
    meta: Meta
  }
  /** Show a hidden review again */
  'POST /v1/products/{id}/reviews/{reviewId}/restore': {
    params: {
      id: string
      reviewId: string
    }
    body: JudgeReviewBody
    data: Review
    meta: Meta
  }
  /** Read how far long work is */
  'GET /v1/operations/{id}': {
    params: {
      id: string
    }
    data: Operation
    meta: Meta
  }
  /** Cancel long work */
  'POST /v1/operations/{id}/cancel': {
    params: {
      id: string
    }
    data: Operation
    meta: Meta
  }
  /** Read the tree of categories */
  'GET /v1/categories': {
    data: TreeCategory[]
    meta: Meta
  }
  /** Create a category */
  'POST /v1/categories': {
    body: CreateCategoryBody
    data: Category
    meta: Meta
  }
  /** Read a category */
  'GET /v1/categories/{id}': {
    params: {
      id: string
    }
    data: Category
    meta: Meta
  }
  /** Replace a category */
  'PUT /v1/categories/{id}': {
    params: {
      id: string
    }
    body: ReplaceCategoryBody
    data: Category
    meta: Meta
  }
  /** Change a category */
  'PATCH /v1/categories/{id}': {
    params: {
      id: string
    }
    body: {
      name?: string
      slug?: string
      parentId?: string | null
      position?: number
    }
    data: Category
    meta: Meta
  }
  /** Delete a category */
  'DELETE /v1/categories/{id}': {
    params: {
      id: string
    }
    data: undefined
    meta: undefined
  }
  /** Set a user’s tier */
  'PATCH /v1/users/{id}/tier': {
    params: {
      id: string
    }
    body: TierBody
    data: UserTier
    meta: Meta
  }
  /** List users with their roles, newest first */
  'GET /v1/users': {
    query: {
      page?: number
      cursor?: string
      limit?: number
      role?: 'guest' | 'user' | 'moderator' | 'admin'
      search?: string
      /** What the list is sorted by */
      sortBy?: 'createdAt' | 'name'
      /** ASC or DESC, of sortBy */
      order?: string
    }
    data: ListedUserV1[]
    meta: ListPageMeta | CursorMeta
  }
  /** Make an account for somebody */
  'POST /v1/users': {
    body: CreateUserBody
    data: UserV1
    meta: Meta
  }
  /** Read a user */
  'GET /v1/users/{id}': {
    params: {
      id: string
    }
    data: UserV1
    meta: Meta
  }
  /** Replace a user */
  'PUT /v1/users/{id}': {
    params: {
      id: string
    }
    body: PutUserBody
    data: UserV1
    meta: Meta
  }
  /** Change some of a user */
  'PATCH /v1/users/{id}': {
    params: {
      id: string
    }
    body: {
      email?: string
      firstName?: string
      lastName?: string
      phoneNumber?: string | null
      role?: 'guest' | 'user' | 'moderator' | 'admin'
      isActive?: boolean
    }
    data: UserV1
    meta: Meta
  }
  /** Delete a user */
  'DELETE /v1/users/{id}': {
    params: {
      id: string
    }
    data: undefined
    meta: undefined
  }
  /** Open a user’s account again */
  'PATCH /v1/users/{id}/activate': {
    params: {
      id: string
    }
    data: UserV1
    meta: Meta
  }
  /** Download own account data */
  'GET /v1/data': {
    data: AccountExport
    meta: Meta
  }
  /** Export a report of activity */
  'POST /v1/expensive-operation': {
    body: ReportBody
    data: ActivityReport
    meta: Meta
  }
  /** Read how events fare */
  'GET /v1/admin/events': {
    data: EventFigures
    meta: Meta
  }
  /** List messages that were given up, newest first */
  'GET /v1/admin/dead-letters': {
    query: {
      cursor?: string
      limit?: number
      status?: 'waiting' | 'redriven' | 'discarded'
    }
    data: DeadLetter[]
    meta: CursorMeta
  }
  /** Read one with the message itself */
  'GET /v1/admin/dead-letters/{id}': {
    params: {
      id: string
    }
    data: DeadLetterWithBody
    meta: Meta
  }
  /** Have it tried again */
  'POST /v1/admin/dead-letters/{id}/redrive': {
    params: {
      id: string
    }
    body: DecisionBody
    data: DeadLetter
    meta: Meta
  }
  /** Give it up for good */
  'POST /v1/admin/dead-letters/{id}/discard': {
    params: {
      id: string
    }
    body: DecisionBody
    data: DeadLetter
    meta: Meta
  }
  /** Look through the audit trail, newest first */
  'GET /v1/admin/audit': {
    query: {
      cursor?: string
      limit?: number
      action?:
        | 'USER_REGISTERED'
        | 'SIGNED_IN'
        | 'FIRST_STEP_DONE'
        | 'STEPPED_UP'
        | 'SESSIONS_REVOKED'
        | 'MFA_SETUP'
        | 'MFA_ENABLED'
        | 'MFA_DISABLED'
        | 'BACKUP_CODE_USED'
        | 'BACKUP_CODES_RENEWED'
        | 'PASSKEY_ADDED'
        | 'PASSKEY_REMOVED'
        | 'PASSKEY_COUNTER_WENT_BACK'
        | 'API_KEY_CREATED'
        | 'API_KEY_REVOKED'
        | 'PROVIDER_LINKED'
        | 'PROVIDER_UNLINKED'
        | 'PASSWORD_RESET_REQUEST'
        | 'PASSWORD_RESET_MAILED'
        | 'PASSWORD_RESET_SUCCESS'
        | 'PASSWORD_RESET_FAILED'
        | 'PASSWORD_CHANGED'
        | 'EMAIL_VERIFICATION_REQUEST'
        | 'EMAIL_VERIFICATION_MAILED'
        | 'EMAIL_VERIFIED'
        | 'EMAIL_VERIFICATION_FAILED'
        | 'EMAIL_CHANGE_REQUEST'
        | 'EMAIL_CHANGE_MAILED'
        | 'EMAIL_CHANGED'
        | 'WAYS_IN_TAKEN_BACK'
        | 'ACCOUNT_DELETED'
        | 'ACCOUNT_ERASED'
        | 'USER_CREATED'
        | 'USER_UPDATED'
        | 'TIER_CHANGED'
        | 'ROLE_CHANGE'
        | 'PERMISSION_GRANTED'
        | 'PERMISSION_REVOKED'
        | 'PERMISSION_DENIED'
        | 'PERMISSION_DENIAL_LIFTED'
        | 'RESOURCE_PERMISSION_GRANTED'
        | 'RESOURCE_PERMISSION_REVOKED'
        | 'USER_SESSIONS_ENDED'
        | 'USER_DEACTIVATED'
        | 'USER_REACTIVATED'
        | 'ACCESS_DENIED'
        | 'DEAD_LETTER_REDRIVEN'
        | 'DEAD_LETTER_DISCARDED'
        | 'REPORT_DISMISSED'
        | 'REPORT_UPHELD'
        | 'REPORTED_MESSAGE_DELETED'
        | 'PRODUCT_PUBLISHED'
        | 'PRODUCT_ARCHIVED'
        | 'PRODUCTS_PROCESSED'
        | 'OPERATION_CANCELLED'
        | 'CATEGORY_DELETED'
        | 'REVIEW_HIDDEN'
        | 'REVIEW_RESTORED'
      actorId?: string
      targetId?: string
      ip?: string
      requestId?: string
      from?: string
      to?: string
    }
    data: AuditEntry[]
    meta: CursorMeta
  }
  /** Read the limits as they hold here */
  'GET /v1/admin/limits': {
    data: Limits
    meta: Meta
  }
  /** Read what the system does, as it counts itself */
  'GET /v1/admin/figures': {
    query: {
      minutes?: number
    }
    data: LiveFigures
    meta: Meta
  }
  /** List users, newest first */
  'GET /v1/admin/users': {
    query: {
      cursor?: string
      limit?: number
      q?: string
      role?: 'guest' | 'user' | 'moderator' | 'admin'
      tier?: 'free' | 'basic' | 'premium' | 'enterprise'
    }
    data: UserSummary[]
    meta: CursorMeta
  }
  /** Read a user */
  'GET /v1/admin/users/{id}': {
    params: {
      id: string
    }
    data: UserDetails
    meta: Meta
  }
  /** Sign a user out everywhere */
  'POST /v1/admin/users/{id}/sessions/revoke': {
    params: {
      id: string
    }
    body: StatedBody
    data: Done
    meta: Meta
  }
  /** List reports, newest first */
  'GET /v1/admin/reports': {
    query: {
      cursor?: string
      limit?: number
      status?: 'open' | 'dismissed' | 'upheld'
    }
    data: Report[]
    meta: CursorMeta
  }
  /** Read a report */
  'GET /v1/admin/reports/{id}': {
    params: {
      id: string
    }
    data: Report
    meta: Meta
  }
  /** Decide on a report */
  'POST /v1/admin/reports/{id}/decide': {
    params: {
      id: string
    }
    body: DecideReportBody
    data: Report
    meta: Meta
  }
  /** List users */
  'GET /v2/users': {
    query: {
      /** The number of a page, from 1 */
      page?: number
      cursor?: string
      after?: string
      afterId?: string
      /** How many there are on a page */
      limit?: number
      search?: string
      /** What of each item is wanted, between commas. The id always comes; unknown names are passed over. */
      fields?: string
      format?: 'package' | 'headers'
      /** What the list is sorted by */
      sortBy?: 'createdAt' | 'name'
      /** ASC or DESC, of sortBy */
      order?: string
      /** Several keys, - for descending; instead of sortBy */
      sort?: string
    }
    data: UserV2[]
    meta: ListPageMeta | ListCursorMeta | ListKeysetMeta
  }
  /** Make an account for somebody */
  'POST /v2/users': {
    body: CreateUserBody
    data: UserV2
    meta: Meta
  }
  /** Search users by a part of their name */
  'GET /v2/users/search': {
    query: {
      /** The number of a page, from 1 */
      page?: number
      cursor?: string
      after?: string
      afterId?: string
      /** How many there are on a page */
      limit?: number
      q: string
      /** What of each item is wanted, between commas. The id always comes; unknown names are passed over. */
      fields?: string
      format?: 'package' | 'headers'
      /** What the list is sorted by */
      sortBy?: 'createdAt' | 'name'
      /** ASC or DESC, of sortBy */
      order?: string
      /** Several keys, - for descending; instead of sortBy */
      sort?: string
    }
    data: UserV2[]
    meta: ListPageMeta | ListCursorMeta | ListKeysetMeta
  }
  /** Read a user */
  'GET /v2/users/{id}': {
    params: {
      id: string
    }
    data: UserV2
    meta: Meta
  }
  /** Replace a user */
  'PUT /v2/users/{id}': {
    params: {
      id: string
    }
    body: PutUserBody
    data: UserV2
    meta: Meta
  }
  /** Change some of a user */
  'PATCH /v2/users/{id}': {
    params: {
      id: string
    }
    body: {
      email?: string
      firstName?: string
      lastName?: string
      phoneNumber?: string | null
      role?: 'guest' | 'user' | 'moderator' | 'admin'
      isActive?: boolean
    }
    data: UserV2
    meta: Meta
  }
  /** Delete a user */
  'DELETE /v2/users/{id}': {
    params: {
      id: string
    }
    data: undefined
    meta: undefined
  }
  /** Read a user’s profile */
  'GET /v2/users/{id}/profile': {
    params: {
      id: string
    }
    data: UserProfile
    meta: Meta
  }
  /** Replace a user’s profile */
  'PUT /v2/users/{id}/profile': {
    params: {
      id: string
    }
    body: PutProfileBody
    data: UserProfile
    meta: Meta
  }
  /** Change some of a user’s profile */
  'PATCH /v2/users/{id}/profile': {
    params: {
      id: string
    }
    body: {
      firstName?: string
      lastName?: string
      bio?: string | null
      avatar?: string | null
      phone?: string | null
      address?: string | null
    }
    data: UserProfile
    meta: Meta
  }
  /** Set a user’s role */
  'PATCH /v2/users/{id}/change-role': {
    params: {
      id: string
    }
    body: RoleBody
    data: UserV2
    meta: Meta
  }
  /** Open a user’s account again */
  'PATCH /v2/users/{id}/activate': {
    params: {
      id: string
    }
    data: UserV2
    meta: Meta
  }
  /** Close a user’s account */
  'PATCH /v2/users/{id}/deactivate': {
    params: {
      id: string
    }
    data: UserV2
    meta: Meta
  }
  /** Check all that the service depends on */
  'GET /health': {
    data: Health
    meta: Meta
  }
  /** Ask whether traffic may come */
  'GET /health/ready': {
    data: Health
    meta: Meta
  }
  /** Ask whether traffic may come */
  'GET /health/readiness': {
    data: Health
    meta: Meta
  }
  /** Ask whether the process runs */
  'GET /health/live': {
    data: Live
    meta: Meta
  }
  /** Ask whether the process runs */
  'GET /health/liveness': {
    data: Live
    meta: Meta
  }
  /** Read the version */
  'GET /version': {
    data: Version
    meta: Meta
  }
  /** Read the public keys of access tokens */
  'GET /.well-known/jwks.json': {
    data: PublicKeys
    meta: undefined
  }
  /** Read this document */
  'GET /openapi/v1.json': {
    data: {
      openapi: string
      [k: string]: unknown
    }
    meta: undefined
  }
  /** Read this document */
  'GET /openapi/v2.json': {
    data: {
      openapi: string
      [k: string]: unknown
    }
    meta: undefined
  }
}
export interface RegisterBody {
  email: string
  password: string
  firstName: string
  lastName: string
  username?: string
  /** What the widget gave, where a try was answered with CAPTCHA_REQUIRED or CAPTCHA_FAILED. Good once. */
  captchaToken?: string
  session?: 'body' | 'cookie'
}
export interface Registered {
  user: CurrentUser
  accessToken: string
  refreshToken?: string
  expiresIn: number
  tokenType: 'Bearer'
  message: string
}
export interface CurrentUser {
  id: string
  email: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
  role: 'guest' | 'user' | 'moderator' | 'admin'
  roles: string[]
  permissions: string[]
  isEmailVerified: boolean
  timezone: string
  locale: string
  createdAt: string
}
export interface Meta {
  timestamp: string
  version: string
  requestId: string
  _reminder?: string
}
export interface LoginBody {
  email: string
  password: string
  /** What the widget gave, where a try was answered with CAPTCHA_REQUIRED or CAPTCHA_FAILED. Good once. */
  captchaToken?: string
  session?: 'body' | 'cookie'
}
export interface SignedIn {
  user: CurrentUser
  accessToken: string
  refreshToken?: string
  expiresIn: number
  tokenType: 'Bearer'
}
export interface MfaRequired {
  requiresMfa: true
  tempToken: string
  message: string
  methods: ('totp' | 'backup-code' | 'passkey')[]
}
export interface RefreshBody {
  /** Absent where it is in the cookie */
  refreshToken?: string
  session?: 'body' | 'cookie'
}
export interface Told {
  message: string
}
export interface SignedOutElsewhere {
  ended: number
}
export interface Done {
  success: true
}
export interface Session {
  id: string
  current: boolean
  createdAt: string
  lastUsedAt: string
  expiresAt: string
  ip: string | null
  place: string | null
  userAgent: string | null
  device: Device
}
export interface Device {
  name: string
  kind: 'computer' | 'phone' | 'tablet' | 'program'
}
export interface CaptchaWidget {
  siteKey: string | null
}
export interface MfaStatus {
  isMfaEnabled: boolean
  mfaEnabledAt: string | null
  backupCodesLeft: number
  hasPassword: boolean
}
export interface MfaSetup {
  secret: string
  uri: string
  qrCode: string
  backupCodes: null
}
export interface EnableMfaBody {
  code: string
}
export interface BackupCodes {
  message: string
  backupCodes: string[]
  backupCodesLeft: number
}
export interface DisableMfaBody {
  password?: string
  mfaCode?: string
  backupCode?: string
  passkey?: PasskeyProof
}
/**
 * A passkey that was shown
 *
 */
export interface PasskeyProof {
  token: string
  response: PasskeyAssertionResponse
}
/**
 * What `navigator.credentials.get` gave, as JSON
 *
 */
export interface PasskeyAssertionResponse {
  /** As the browser gave it, in base64url */
  id: string
  /** As the browser gave it, in base64url */
  rawId: string
  type: 'public-key'
  authenticatorAttachment?: 'platform' | 'cross-platform'
  clientExtensionResults: {
    [k: string]: unknown
  }
  /** What the authenticator has signed */
  response: {
    /** As the browser gave it, in base64url */
    clientDataJSON: string
    /** As the browser gave it, in base64url */
    authenticatorData: string
    /** As the browser gave it, in base64url */
    signature: string
    /** As the browser gave it, in base64url */
    userHandle?: string
    [k: string]: unknown
  }
  [k: string]: unknown
}
export interface RenewBackupCodesBody {
  password?: string
  mfaCode?: string
  passkey?: PasskeyProof
}
export interface VerifyMfaBody {
  tempToken?: string
  email?: string
  password?: string
  /** What the widget gave, where a try was answered with CAPTCHA_REQUIRED or CAPTCHA_FAILED. Good once. */
  captchaToken?: string
  session?: 'body' | 'cookie'
  mfaCode: string
}
export interface BackupSignInBody {
  tempToken?: string
  email?: string
  password?: string
  /** What the widget gave, where a try was answered with CAPTCHA_REQUIRED or CAPTCHA_FAILED. Good once. */
  captchaToken?: string
  session?: 'body' | 'cookie'
  backupCode: string
}
export interface SignedInByBackupCode {
  user: CurrentUser
  accessToken: string
  refreshToken?: string
  expiresIn: number
  tokenType: 'Bearer'
  warning: string
  backupCodesLeft: number
}
export interface StepUpBody {
  password?: string
  mfaCode?: string
  backupCode?: string
  passkey?: PasskeyProof
}
export interface SteppedUp {
  provedAt: string
  validForSeconds: number
}
export interface ForgotPasswordBody {
  email: string
  /** What the widget gave, where a try was answered with CAPTCHA_REQUIRED or CAPTCHA_FAILED. Good once. */
  captchaToken?: string
}
export interface Validity {
  valid: boolean
}
export interface MailedTokenBody {
  token: string
}
export interface ResetPasswordBody {
  token: string
  newPassword: string
  confirmPassword: string
}
export interface PasswordReset {
  message: string
  stillLetsIn: {
    passkeys: number
    apiKeys: number
    linkedAccounts: number
  }
}
export interface VerificationLink {
  valid: boolean
  isNewAddress: boolean
  account: {
    firstName: string
    lastName: string
    username: string
  } | null
}
export interface AddressBody {
  email: string
}
export interface Verification {
  isEmailVerified: boolean
}
export interface ChangePasswordBody {
  currentPassword: string
  newPassword: string
}
export interface ChangeEmailBody {
  newEmail: string
}
export interface Passkey {
  id: string
  name: string
  isBackedUp: boolean
  createdAt: string
  lastUsedAt: string | null
}
export interface AddPasskeyBody {
  name?: string
  token: string
  response: PasskeyCreationResponse
}
/**
 * What `navigator.credentials.create` gave, as JSON
 *
 */
export interface PasskeyCreationResponse {
  /** As the browser gave it, in base64url */
  id: string
  /** As the browser gave it, in base64url */
  rawId: string
  type: 'public-key'
  authenticatorAttachment?: 'platform' | 'cross-platform'
  clientExtensionResults: {
    [k: string]: unknown
  }
  /** What the authenticator has signed */
  response: {
    /** As the browser gave it, in base64url */
    clientDataJSON: string
    /** As the browser gave it, in base64url */
    attestationObject: string
    /** @maxItems 10 */
    transports?: string[]
    [k: string]: unknown
  }
  [k: string]: unknown
}
export interface PasskeyCreation {
  options: PasskeyCreationOptions
  token: string
}
export interface PasskeyCreationOptions {
  rp: {
    id: string
    name: string
  }
  user: {
    id: string
    name: string
    displayName: string
  }
  challenge: string
  pubKeyCredParams: {
    type: 'public-key'
    alg: number
  }[]
  timeout: number
  excludeCredentials: {
    id: string
    type: 'public-key'
    transports?: string[]
  }[]
  authenticatorSelection: {
    residentKey: 'required'
    userVerification: 'required'
    [k: string]: unknown
  }
  attestation: 'none'
  [k: string]: unknown
}
export interface PasskeyRequest {
  options: PasskeyRequestOptions
  token: string
}
export interface PasskeyRequestOptions {
  rpId: string
  challenge: string
  timeout: number
  userVerification: 'required'
  allowCredentials?: {
    id: string
    type: 'public-key'
    transports?: string[]
  }[]
  [k: string]: unknown
}
export interface PasskeySignInBody {
  token: string
  response: PasskeyAssertionResponse
  session?: 'body' | 'cookie'
}
export interface PasskeySecondStepOptionsBody {
  tempToken: string
}
export interface PasskeySecondStepBody {
  token: string
  response: PasskeyAssertionResponse
  tempToken: string
  session?: 'body' | 'cookie'
}
export interface RenamePasskeyBody {
  name: string
}
export interface ApiKey {
  id: string
  name: string
  hint: string
  scopes: (
    | 'read'
    | 'write'
    | 'create:user'
    | 'read:user'
    | 'update:user'
    | 'delete:user'
    | 'create:product'
    | 'read:product'
    | 'update:product'
    | 'delete:product'
    | 'publish:product'
    | 'create:order'
    | 'read:order'
    | 'update:order'
    | 'cancel:order'
    | 'refund:order'
    | 'moderate:content'
    | 'delete:content'
    | 'view:analytics'
    | 'manage:settings'
    | 'view:logs'
  )[]
  createdAt: string
  expiresAt: string
  lastUsedAt: string | null
  lastUsedIp: string | null
}
export interface CreateApiKeyBody {
  name: string
  /**
   * @minItems 1
   * @maxItems 21
   */
  scopes: (
    | 'read'
    | 'write'
    | 'create:user'
    | 'read:user'
    | 'update:user'
    | 'delete:user'
    | 'create:product'
    | 'read:product'
    | 'update:product'
    | 'delete:product'
    | 'publish:product'
    | 'create:order'
    | 'read:order'
    | 'update:order'
    | 'cancel:order'
    | 'refund:order'
    | 'moderate:content'
    | 'delete:content'
    | 'view:analytics'
    | 'manage:settings'
    | 'view:logs'
  )[]
  expiresInDays: number
}
export interface NewApiKey {
  id: string
  name: string
  hint: string
  scopes: (
    | 'read'
    | 'write'
    | 'create:user'
    | 'read:user'
    | 'update:user'
    | 'delete:user'
    | 'create:product'
    | 'read:product'
    | 'update:product'
    | 'delete:product'
    | 'publish:product'
    | 'create:order'
    | 'read:order'
    | 'update:order'
    | 'cancel:order'
    | 'refund:order'
    | 'moderate:content'
    | 'delete:content'
    | 'view:analytics'
    | 'manage:settings'
    | 'view:logs'
  )[]
  createdAt: string
  expiresAt: string
  lastUsedAt: string | null
  lastUsedIp: string | null
  key: string
}
export interface RenameApiKeyBody {
  name: string
}
export interface SignInProvider {
  id: string
  name: string
  kind: 'google' | 'github' | 'oidc'
}
export interface LinkedAccount {
  provider: string
  name: string
  email: string | null
  createdAt: string
  lastUsedAt: string | null
}
export interface FinishSignInBody {
  /** What the provider gave, for one exchange */
  code: string
  state: string
  /** Where the provider says which one it is */
  iss?: string
  session?: 'body' | 'cookie'
}
export interface FinishLinkBody {
  /** What the provider gave, for one exchange */
  code: string
  state: string
  /** Where the provider says which one it is */
  iss?: string
}
export interface ProviderSignIn {
  url: string
  expiresIn: number
}
export interface OwnRole {
  role: 'guest' | 'user' | 'moderator' | 'admin'
}
export interface RoleBody {
  role: 'guest' | 'user' | 'moderator' | 'admin'
  reason?: string
}
export interface Member {
  id: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
  role: 'guest' | 'user' | 'moderator' | 'admin'
  roles: ('guest' | 'user' | 'moderator' | 'admin')[]
  isActive: boolean
  createdAt: string
}
export interface ReasonBody {
  reason?: string
}
export interface UserState {
  id: string
  isActive: boolean
}
export interface UserV1 {
  id: string
  email: string | null
  name: string
  createdAt: string
}
export interface RoleInfo {
  id: string
  name: 'guest' | 'user' | 'moderator' | 'admin'
  description: string
  level: number
  permissions: (
    | 'create:user'
    | 'read:user'
    | 'update:user'
    | 'delete:user'
    | 'create:product'
    | 'read:product'
    | 'update:product'
    | 'delete:product'
    | 'publish:product'
    | 'create:order'
    | 'read:order'
    | 'update:order'
    | 'cancel:order'
    | 'refund:order'
    | 'moderate:content'
    | 'delete:content'
    | 'view:analytics'
    | 'manage:settings'
    | 'view:logs'
  )[]
}
export interface PermissionInfo {
  id: string
  name:
    | 'create:user'
    | 'read:user'
    | 'update:user'
    | 'delete:user'
    | 'create:product'
    | 'read:product'
    | 'update:product'
    | 'delete:product'
    | 'publish:product'
    | 'create:order'
    | 'read:order'
    | 'update:order'
    | 'cancel:order'
    | 'refund:order'
    | 'moderate:content'
    | 'delete:content'
    | 'view:analytics'
    | 'manage:settings'
    | 'view:logs'
  description: string
  resource: string
  action: string
  roles: ('guest' | 'user' | 'moderator' | 'admin')[]
}
export interface GrantBody {
  userId: string
  permissionId: string
  effect?: 'allow' | 'deny'
  reason?: string
}
export interface UserAccess {
  userId: string
  roles: ('guest' | 'user' | 'moderator' | 'admin')[]
  permissions: (
    | 'create:user'
    | 'read:user'
    | 'update:user'
    | 'delete:user'
    | 'create:product'
    | 'read:product'
    | 'update:product'
    | 'delete:product'
    | 'publish:product'
    | 'create:order'
    | 'read:order'
    | 'update:order'
    | 'cancel:order'
    | 'refund:order'
    | 'moderate:content'
    | 'delete:content'
    | 'view:analytics'
    | 'manage:settings'
    | 'view:logs'
  )[]
  direct: {
    permissionId: string
    name:
      | 'create:user'
      | 'read:user'
      | 'update:user'
      | 'delete:user'
      | 'create:product'
      | 'read:product'
      | 'update:product'
      | 'delete:product'
      | 'publish:product'
      | 'create:order'
      | 'read:order'
      | 'update:order'
      | 'cancel:order'
      | 'refund:order'
      | 'moderate:content'
      | 'delete:content'
      | 'view:analytics'
      | 'manage:settings'
      | 'view:logs'
    effect: 'allow' | 'deny'
    grantedBy: string
    createdAt: string
  }[]
}
export interface RevokeBody {
  userId: string
  permissionId: string
  reason?: string
}
export interface ResourceInfo {
  resource: string
  title: string
  actions: string[]
}
export interface ThingGrant {
  userId: string
  resource: string
  resourceId: string
  name: string | null
  action: string
  grantedBy: string
  createdAt: string
}
export interface CursorMeta {
  timestamp: string
  version: string
  requestId: string
  _reminder?: string
  limit: number
  nextCursor: string | null
  hasNextPage: boolean
}
export interface ThingGrantBody {
  userId: string
  resource: string
  resourceId: string
  action: string
  reason?: string
}
export interface ThingGrantState {
  userId: string
  resource: string
  resourceId: string
  action: string
  isGranted: boolean
}
export interface Person {
  id: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
}
export interface BlockedPerson {
  id: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
  blockedAt: string
}
export interface Room {
  id: string
  type: 'private' | 'group'
  name: string
  topic: string
  joinPolicy: 'open' | 'invite'
  createdBy: string
  createdAt: string
  updatedAt: string
  memberCount: number
  peer: {
    id: string
    username: string
    firstName: string
    lastName: string
    avatar: string | null
  } | null
  lastSeq: number
  lastMessage: {
    id: string
    seq: number
    content: string
    senderId: string
    createdAt: string
  } | null
  unreadCount: number
  mentionCount: number
}
export interface CreateRoomBody {
  name: string
  type: 'group'
  /** @maxItems 100 */
  memberIds: string[]
  topic?: string
  joinPolicy?: 'open' | 'invite'
  whoInvites?: 'members' | 'moderators'
  whoPosts?: 'members' | 'moderators'
  slowModeSeconds?: number
}
export interface OpenPrivateRoomBody {
  userId: string
}
export interface OpenRoom {
  id: string
  name: string
  topic: string
  memberCount: number
  createdAt: string
}
export interface RoomWithMembers {
  id: string
  type: 'private' | 'group'
  name: string
  topic: string
  joinPolicy: 'open' | 'invite'
  createdBy: string
  createdAt: string
  updatedAt: string
  memberCount: number
  peer: {
    id: string
    username: string
    firstName: string
    lastName: string
    avatar: string | null
  } | null
  lastSeq: number
  lastMessage: {
    id: string
    seq: number
    content: string
    senderId: string
    createdAt: string
  } | null
  unreadCount: number
  mentionCount: number
  settings: {
    topic: string
    joinPolicy: 'open' | 'invite'
    whoInvites: 'members' | 'moderators'
    whoPosts: 'members' | 'moderators'
    slowModeSeconds: number
  }
  own: OwnMembership
  members: RoomMember[]
}
export interface OwnMembership {
  role: 'owner' | 'moderator' | 'member'
  notify: 'all' | 'mentions' | 'none'
  mutedUntil: string | null
  readSeq: number
}
export interface RoomMember {
  id: string
  username: string
  avatar: string | null
  role: 'owner' | 'moderator' | 'member'
  joinedAt: string
  mutedUntil: string | null
  readSeq: number
}
export interface UpdateRoomBody {
  name?: string
  topic?: string
  joinPolicy?: 'open' | 'invite'
  whoInvites?: 'members' | 'moderators'
  whoPosts?: 'members' | 'moderators'
  slowModeSeconds?: number
}
export interface ReadBody {
  seq?: number
}
export interface ReadPosition {
  seq: number
  unreadCount: number
  mentionCount: number
}
export interface TypingBody {
  isTyping: boolean
}
export interface RoomPresence {
  count: number
  userIds: string[] | null
}
export interface Message {
  id: string
  roomId: string
  seq: number
  changeSeq: number
  content: string
  type: 'text'
  sender: {
    id: string
    username: string
    avatar: string | null
  }
  clientMessageId: string | null
  replyTo: {
    id: string
    seq: number
    senderId: string
    content: string | null
  } | null
  threadId: string | null
  replyCount: number
  mentions: {
    id: string
    username: string
  }[]
  reactions: {
    emoji: string
    count: number
    mine?: boolean
  }[]
  isPinned: boolean
  isEdited: boolean
  editedAt: string | null
  createdAt: string
}
export interface ListPageMeta {
  timestamp: string
  version: string
  requestId: string
  _reminder?: string
  page: number
  limit: number
  total: number
  totalIsExact: boolean
  totalPages: number
  hasNextPage: boolean
  hasPrevPage: boolean
  nextCursor: string | null
}
export interface SendMessageBody {
  content: string
  type?: 'text'
  clientMessageId?: string
  replyTo?: string
}
export interface EditMessageBody {
  content: string
}
export interface Reactor {
  userId: string
  username: string
  emoji: string
  createdAt: string
}
export interface JoinBody {
  invite?: string
}
export interface RoomPreview {
  id: string
  name: string
  topic: string
  memberCount: number
  joinPolicy: 'open' | 'invite'
  isMember: boolean
}
export interface NotifyBody {
  notify: 'all' | 'mentions' | 'none'
}
export interface AddMembersBody {
  /**
   * @minItems 1
   * @maxItems 100
   */
  userIds: string[]
}
export interface SetRoleBody {
  role: 'owner' | 'moderator' | 'member'
}
export interface MuteBody {
  minutes: number
}
export interface Ban {
  userId: string
  username: string
  bannedBy: string
  reason: string | null
  bannedAt: string
}
export interface BanBody {
  reason?: string
}
export interface Invite {
  id: string
  createdBy: string
  createdAt: string
  expiresAt: string
  maxUses: number
  uses: number
  userId: string | null
}
export interface CreateInviteBody {
  expiresInHours?: number
  maxUses?: number
  userId?: string
}
export interface NewInvite {
  id: string
  createdBy: string
  createdAt: string
  expiresAt: string
  maxUses: number
  uses: number
  userId: string | null
  code: string
}
export interface ReportMessageBody {
  category: 'spam' | 'harassment' | 'illegal' | 'other'
  note?: string
}
export interface OwnReport {
  id: string
  roomId: string
  messageId: string
  category: 'spam' | 'harassment' | 'illegal' | 'other'
  note: string | null
  createdAt: string
}
export interface Notification {
  id: string
  title: string
  message: string
  type: 'info' | 'success' | 'warning' | 'error'
  category: 'new_message' | 'new_follower' | 'post_liked' | 'comment' | 'system'
  data: {
    [k: string]: string
  } | null
  count: number
  read: boolean
  readAt: string | null
  channels: ('in-app' | 'email' | 'push')[]
  sent: boolean
  actionUrl: string | null
  version: number
  createdAt: string
  updatedAt: string
}
export interface UnreadCount {
  count: number
}
export interface NotificationPreferences {
  id: string
  userId: string
  inAppEnabled: boolean
  emailEnabled: boolean
  pushEnabled: boolean
  categoryPreferences: CategoryPreferences
  emailDigest: boolean
  digestFrequency: 'daily' | 'weekly'
  updatedAt: string | null
}
/**
 * What is told in which way, by what it is about
 *
 */
export interface CategoryPreferences {
  new_message?: CategoryChoice
  new_follower?: CategoryChoice
  post_liked?: CategoryChoice
  comment?: CategoryChoice
  system?: CategoryChoice
}
/**
 * True by e-mail, by push, or both
 *
 */
export interface CategoryChoice {
  email?: boolean
  push?: boolean
}
export interface PreferencesBody {
  inAppEnabled?: boolean
  emailEnabled?: boolean
  pushEnabled?: boolean
  categoryPreferences?: CategoryPreferences
  emailDigest?: boolean
  digestFrequency?: 'daily' | 'weekly'
}
export interface SocketTicket {
  ticket: string
  expiresIn: number
}
export interface ProductItem {
  id: string
  slug: string
  sku: string
  name: string
  description: string
  brand: string | null
  categoryId: string | null
  category: string | null
  price: number
  compareAtPrice: number | null
  currency: string
  stock: number
  inStock: boolean
  weightGrams: number | null
  attributes: ProductAttributes
  images: ProductImage[]
  tags: string[]
  rating: number | null
  ratingCount: number
  isActive: boolean
  createdAt: string
  updatedAt: string
  publishedAt: string | null
  state?: ProductState
  ownerId?: string
}
export interface ProductAttributes {
  [k: string]: string
}
export interface ProductImage {
  url: string
  alt: string
}
export interface ListCursorMeta {
  timestamp: string
  version: string
  requestId: string
  _reminder?: string
  limit: number
  hasMore: boolean
  nextCursor: string | null
}
export interface ListKeysetMeta {
  timestamp: string
  version: string
  requestId: string
  _reminder?: string
  limit: number
  hasMore: boolean
  nextAfter: string | null
  nextAfterId: string | null
}
export interface CreateProductBody {
  name: string
  slug?: string
  sku: string
  description?: string
  brand?: string | null
  categoryId?: string | null
  compareAtPrice?: number | null
  weightGrams?: number | null
  price: number
  /** By ISO 4217. All prices of the catalogue are in one; another one is 422. */
  currency?: string
  attributes?: {
    [k: string]: string
  }
  /** @maxItems 10 */
  images?: {
    url: string
    alt?: string
  }[]
  /** @maxItems 20 */
  tags?: string[]
  /** @maxItems 50 */
  variants?: VariantBody[]
  stock?: number
}
export interface VariantBody {
  id?: string
  sku: string
  attributes: {
    [k: string]: string
  }
  price?: number | null
}
export interface Product {
  id: string
  slug: string
  sku: string
  name: string
  description: string
  brand: string | null
  categoryId: string | null
  category: string | null
  price: number
  compareAtPrice: number | null
  currency: string
  stock: number
  inStock: boolean
  weightGrams: number | null
  attributes: ProductAttributes
  images: ProductImage[]
  tags: string[]
  rating: number | null
  ratingCount: number
  isActive: boolean
  createdAt: string
  updatedAt: string
  publishedAt: string | null
  state?: ProductState
  ownerId?: string
  variants: ProductVariant[]
}
export interface ProductVariant {
  id: string
  sku: string
  attributes: ProductAttributes
  price: number | null
}
export interface FoundProduct {
  id: string
  slug: string
  sku: string
  name: string
  description: string
  brand: string | null
  categoryId: string | null
  category: string | null
  price: number
  compareAtPrice: number | null
  currency: string
  stock: number
  inStock: boolean
  weightGrams: number | null
  attributes: ProductAttributes
  images: ProductImage[]
  tags: string[]
  rating: number | null
  ratingCount: number
  isActive: boolean
  createdAt: string
  updatedAt: string
  publishedAt: string | null
  state?: ProductState
  ownerId?: string
  relevance: number
  nameExcerpt: Excerpt
  descriptionExcerpt: Excerpt
}
export interface ProductFacets {
  categories: CategoryCount[]
  brands: FacetCount[]
  tags: FacetCount[]
  currency: string
  prices: PriceCount[]
  inStock: number
  outOfStock: number
  counted: number
  countedAll: boolean
}
export interface CategoryCount {
  value: string
  count: number
  id: string
  name: string
}
export interface FacetCount {
  value: string
  count: number
}
export interface PriceCount {
  from: number
  to: number | null
  count: number
}
export interface Operation {
  id: string
  kind: string
  state: 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  progress: {
    done: number
    total: number | null
  }
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
  result: {
    [k: string]: number
  } | null
  error: {
    code: string
    message: string
  } | null
}
export interface CreatedProduct {
  id: string
  slug: string
  sku: string
  name: string
}
export interface ReplaceProductBody {
  name: string
  slug: string
  sku: string
  description: string
  brand?: string | null
  categoryId?: string | null
  compareAtPrice?: number | null
  weightGrams?: number | null
  price: number
  /** By ISO 4217. All prices of the catalogue are in one; another one is 422. */
  currency: string
  attributes: {
    [k: string]: string
  }
  /** @maxItems 10 */
  images: {
    url: string
    alt?: string
  }[]
  /** @maxItems 20 */
  tags: string[]
  /** @maxItems 50 */
  variants: VariantBody[]
}
export interface StockBody {
  stock: number
}
export interface Review {
  id: string
  productId: string
  author: {
    id: string
    username: string
    avatar: string | null
  } | null
  rating: number
  text: string
  isHidden: boolean
  hiddenReason: string | null
  version: number
  createdAt: string
  updatedAt: string
}
export interface WriteReviewBody {
  rating: number
  text: string
}
export interface ChangeReviewBody {
  rating?: number
  text?: string
}
export interface JudgeReviewBody {
  reason: string
}
export interface TreeCategory {
  id: string
  name: string
  slug: string
  parentId: string | null
  position: number
  depth: number
  path: string[]
}
export interface CreateCategoryBody {
  name: string
  slug?: string
  parentId?: string | null
  position?: number
}
export interface Category {
  id: string
  name: string
  slug: string
  parentId: string | null
  position: number
  createdAt: string
  updatedAt: string
}
export interface ReplaceCategoryBody {
  name: string
  slug: string
  parentId?: string | null
  position?: number
}
export interface TierBody {
  tier: 'free' | 'basic' | 'premium' | 'enterprise'
  reason: string
}
export interface UserTier {
  id: string
  tier: 'free' | 'basic' | 'premium' | 'enterprise'
}
export interface ListedUserV1 {
  id: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
  role: 'guest' | 'user' | 'moderator' | 'admin'
  roles: ('guest' | 'user' | 'moderator' | 'admin')[]
  isActive: boolean
  createdAt: string
  email: string | null
  name: string
}
export interface CreateUserBody {
  email: string
  firstName: string
  lastName: string
  phoneNumber: string
  role?: 'guest' | 'user' | 'moderator' | 'admin'
}
export interface PutUserBody {
  email: string
  firstName: string
  lastName: string
  phoneNumber: string
  role: 'guest' | 'user' | 'moderator' | 'admin'
  isActive: boolean
}
export interface AccountExport {
  account: {
    id: string
    email: string
    username: string
    firstName: string
    lastName: string
    avatar: string | null
    role: 'guest' | 'user' | 'moderator' | 'admin'
    roles: string[]
    permissions: string[]
    isEmailVerified: boolean
    timezone: string
    locale: string
    createdAt: string
    tier: 'free' | 'basic' | 'premium' | 'enterprise'
    isDiscoverable: boolean
    lastLoginAt: string | null
    phoneNumber: string | null
    bio: string | null
    address: string | null
  }
  security: {
    hasPassword: boolean
    passwordChangedAt: string | null
    mfaEnabledAt: string | null
    passkeys: {
      name: string
      createdAt: string
      lastUsedAt: string | null
    }[]
    apiKeys: {
      name: string
      hint: string
      scopes: string[]
      createdAt: string
      expiresAt: string
      lastUsedAt: string | null
      lastUsedIp: string | null
      revokedAt: string | null
    }[]
    linkedAccounts: {
      provider: string
      subject: string
      email: string | null
      createdAt: string
      lastUsedAt: string | null
    }[]
    grants: {
      permission: string
      effect: 'allow' | 'deny'
      createdAt: string
    }[]
    grantsOnThings: {
      resource: string
      resourceId: string
      action: string
      createdAt: string
    }[]
  }
  sessions: Session[]
  endedSessions: {
    id: string
    createdAt: string
    lastUsedAt: string
    endedAt: string
    why: string
    ip: string | null
    userAgent: string | null
    place: string | null
    device: Device
  }[]
  mailedTo: {
    purpose: 'verify-email' | 'reset-password' | 'change-email'
    email: string
    createdAt: string
    expiresAt: string
    usedAt: string | null
  }[]
  acts: {
    action: string
    at: string
    ip: string | null
    userAgent: string | null
    device: Device | null
  }[]
  actsBy: {
    action: string
    at: string
    targetType: string
    targetId: string
    reason: string | null
    ip: string | null
    userAgent: string | null
    device: Device | null
  }[]
  actsOnAddress: {
    action: string
    at: string
  }[]
  rooms: {
    id: string
    type: 'private' | 'group'
    name: string
    role: string
    joinedAt: string
    leftAt: string | null
    seenCount: number
    mentionCount: number
  }[]
  blocked: {
    id: string
    username: string
    blockedAt: string
  }[]
  reports: {
    roomId: string
    messageId: string
    category: string
    note: string | null
    createdAt: string
  }[]
  productReviews: {
    productId: string
    rating: number
    text: string
    hiddenReason: string | null
    createdAt: string
    updatedAt: string
  }[]
  preferences: NotificationPreferences
  notifications: Notification[]
  cut: (
    | 'passkeys'
    | 'apiKeys'
    | 'linkedAccounts'
    | 'grants'
    | 'grantsOnThings'
    | 'sessions'
    | 'endedSessions'
    | 'acts'
    | 'actsBy'
    | 'actsOnAddress'
    | 'rooms'
    | 'blocked'
    | 'reports'
    | 'productReviews'
    | 'notifications'
  )[]
  exportedAt: string
}
export interface ReportBody {
  days?: number
}
export interface ActivityReport {
  isComplete: boolean
  days: {
    day: string
    registrations: number
    signIns: number
  }[]
}
export interface EventFigures {
  outboxes: {
    database: string
    unsent: number
    oldestUnsentSeconds: number
  }[]
  lanes: {
    lane: 'critical' | 'normal' | 'bulk'
    backlog: number | null
  }[]
  lags: {
    name: string
    lane: 'critical' | 'normal' | 'bulk'
    samples: number
    medianMs: number
    maxMs: number
  }[]
  deadLettersWaiting: number
}
export interface DeadLetter {
  id: string
  lane: 'critical' | 'normal' | 'bulk'
  subscriber: string | null
  eventId: string | null
  eventType: string | null
  attempts: number
  lastError: string | null
  status: 'waiting' | 'redriven' | 'discarded'
  firstSeenAt: string
  lastSeenAt: string
  decidedAt: string | null
  decidedBy: string | null
  reason: string | null
}
export interface DeadLetterWithBody {
  id: string
  lane: 'critical' | 'normal' | 'bulk'
  subscriber: string | null
  eventId: string | null
  eventType: string | null
  attempts: number
  lastError: string | null
  status: 'waiting' | 'redriven' | 'discarded'
  firstSeenAt: string
  lastSeenAt: string
  decidedAt: string | null
  decidedBy: string | null
  reason: string | null
  body: unknown
}
export interface DecisionBody {
  reason: string
}
export interface AuditEntry {
  id: string
  action: string
  actorId: string | null
  actorUsername: string | null
  targetType: string
  targetId: string
  targetUsername: string | null
  reason: string | null
  ip: string | null
  userAgent: string | null
  correlationId: string
  details: unknown
  at: string
}
export interface Limits {
  scale: number
  countedBy: 'objects' | 'upstash'
  policies: {
    name: string
    by: 'user' | 'address' | 'caller' | 'mail-address'
    algorithm: 'sliding-window' | 'token-bucket'
    limit: number
    windowSeconds: number
    refillPerSecond: number | null
    exact: boolean
    onOutage: 'closed' | 'local'
    perRoute: boolean
    whenSucceeds: ('forget' | 'give-back') | null
    isLockOut: boolean
  }[]
}
export interface LiveFigures {
  stepSeconds: number
  times: number[]
  requests: {
    all: number[]
    clientErrors: number[]
    serverErrors: number[]
  }
  latency: {
    p50: (number | null)[]
    p95: (number | null)[]
    p99: (number | null)[]
  }
  database: {
    queries: number[]
    rowsRead: number[]
    rowsWritten: number[]
  }
  objects: {
    calls: number[]
    rowsRead: number[]
    rowsWritten: number[]
  }
  queues: {
    sent: number[]
    handled: number[]
    failed: number[]
    buried: number[]
    lagP50: (number | null)[]
    lagP95: (number | null)[]
    backlog: (number | null)[]
  }
  sockets: {
    user: number[]
    room: number[]
  }
  refused: {
    all: number[]
    byPolicy: {
      policy: string
      count: number
    }[]
  }
}
export interface UserSummary {
  id: string
  email: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
  role: 'guest' | 'user' | 'moderator' | 'admin'
  roles: string[]
  tier: 'free' | 'basic' | 'premium' | 'enterprise'
  isActive: boolean
  isEmailVerified: boolean
  createdAt: string
  lastLoginAt: string | null
}
export interface UserDetails {
  id: string
  email: string
  username: string
  firstName: string
  lastName: string
  avatar: string | null
  role: 'guest' | 'user' | 'moderator' | 'admin'
  roles: string[]
  tier: 'free' | 'basic' | 'premium' | 'enterprise'
  isActive: boolean
  isEmailVerified: boolean
  createdAt: string
  lastLoginAt: string | null
  permissions: string[]
  timezone: string
  locale: string
  updatedAt: string
  liveSessions: number
  isDeleted: boolean
}
export interface StatedBody {
  reason: string
}
export interface Report {
  id: string
  status: 'open' | 'dismissed' | 'upheld'
  category: 'spam' | 'harassment' | 'illegal' | 'other'
  note: string | null
  reporterId: string
  roomId: string
  message: {
    id: string
    content: string
    author: {
      id: string
      username: string
    }
    createdAt: string
  }
  createdAt: string
  decidedAt: string | null
  decidedBy: string | null
  reason: string | null
}
export interface DecideReportBody {
  decision: 'dismiss' | 'delete_message'
  reason: string
}
export interface UserV2 {
  id: string
  email: string | null
  firstName: string
  lastName: string
  phoneNumber: string | null
  avatar: string | null
  role: 'guest' | 'user' | 'moderator' | 'admin'
  roles: ('guest' | 'user' | 'moderator' | 'admin')[]
  isActive: boolean
  createdAt: string
  updatedAt: string
}
export interface UserProfile {
  id: string
  firstName: string
  lastName: string
  bio: string | null
  avatar: string | null
  phone: string | null
  address: string | null
  updatedAt: string
}
export interface PutProfileBody {
  firstName: string
  lastName: string
  bio: string | null
  avatar: string | null
  phone: string | null
  address: string | null
}
export interface Health {
  status: 'up' | 'down'
  checks: {
    core: {
      status: 'up' | 'down'
      latencyMs: number
    }
    activity: {
      status: 'up' | 'down'
      latencyMs: number
    }
    catalog: {
      status: 'up' | 'down'
      latencyMs: number
    }
  }
}
export interface Live {
  status: 'up'
}
export interface Version {
  name: string
  version: string
  environment: string
}
export interface PublicKeys {
  keys: {
    kty: string
    kid: string
    alg: string
    use: string
    [k: string]: unknown
  }[]
}
export interface RoomCommands {
  'message:send': SendMessageBody
  'message:edit': {
    messageId: string
    content: string
  }
  'message:delete': {
    messageId: string
  }
  'message:pin': {
    messageId: string
  }
  'message:unpin': {
    messageId: string
  }
  'message:read': ReadBody
  'reaction:add': {
    messageId: string
    emoji: string
  }
  'reaction:remove': {
    messageId: string
    emoji: string
  }
  'room:join': JoinBody
  'room:leave': Record<string, never>
  'room:notify': {
    notify: 'all' | 'mentions' | 'none'
  }
  'member:remove': {
    userId: string
  }
  'member:role': {
    userId: string
    role: 'owner' | 'moderator' | 'member'
  }
  'member:mute': {
    userId: string
    minutes: number
  }
  'member:unmute': {
    userId: string
  }
  'member:ban': {
    userId: string
    reason?: string
  }
  'member:unban': {
    userId: string
  }
}
export interface Problem {
  success: false
  statusCode: number
  code: ProblemCode
  message: string
  errors?: {
    field: string
    message: string
  }[]
  stepUp?: {
    methods: ('password' | 'totp' | 'backup-code' | 'passkey' | 'sign-in')[]
  }
  timestamp: string
  path: string
  method: string
  correlationId: string
}
export interface ProblemDetails {
  errors?: {
    field: string
    message: string
  }[]
  stepUp?: {
    methods: ('password' | 'totp' | 'backup-code' | 'passkey' | 'sign-in')[]
  }
  timestamp: string
  method: string
  correlationId: string
  type: string
  title: ProblemCode
  status: number
  detail: string
  instance: string
}
export interface PageLinks {
  self: string
  first: string
  prev: string | null
  next: string | null
  last: string | null
}
export interface SparseProduct {
  id: string
  slug?: string
  sku?: string
  name?: string
  description?: string
  brand?: string | null
  categoryId?: string | null
  category?: string | null
  price?: number
  compareAtPrice?: number | null
  currency?: string
  stock?: number
  inStock?: boolean
  weightGrams?: number | null
  attributes?: ProductAttributes
  images?: ProductImage[]
  tags?: string[]
  rating?: number | null
  ratingCount?: number
  isActive?: boolean
  createdAt?: string
  updatedAt?: string
  publishedAt?: string | null
  state?: ProductState
  ownerId?: string
  variants?: ProductVariant[]
}
export interface Link {
  href: string
  method?: string
}
export interface ReviewSummary {
  average: number | null
  count: number
  stars: {
    '1': number
    '2': number
    '3': number
    '4': number
    '5': number
  }
}
export interface SparseUserV2 {
  id: string
  email?: string | null
  firstName?: string
  lastName?: string
  phoneNumber?: string | null
  avatar?: string | null
  role?: 'guest' | 'user' | 'moderator' | 'admin'
  roles?: ('guest' | 'user' | 'moderator' | 'admin')[]
  isActive?: boolean
  createdAt?: string
  updatedAt?: string
}

/** The operations that take an `Idempotency-Key`. */
export const KEYED_OPERATIONS: ReadonlySet<string> = new Set([
  'POST /v1/users/{id}/roles/{role}/revoke',
  'POST /v1/users/{id}/deactivate',
  'POST /v1/users/{id}/reactivate',
  'POST /v1/admin/permissions/grant',
  'POST /v1/admin/permissions/revoke',
  'POST /v1/admin/resource-permissions/grant',
  'POST /v1/admin/resource-permissions/revoke',
  'POST /v1/chat/rooms',
  'POST /v1/chat/rooms/private',
  'POST /v1/chat/rooms/{id}/read',
  'POST /v1/chat/rooms/{id}/messages',
  'POST /v1/chat/rooms/{id}/join',
  'POST /v1/chat/rooms/{id}/leave',
  'POST /v1/chat/rooms/{id}/members',
  'POST /v1/chat/rooms/{id}/messages/{messageId}/reports',
  'POST /v1/notifications/mark-all-read',
  'POST /v1/products',
  'POST /v1/products/process',
  'POST /v1/products/bulk',
  'POST /v1/products/{id}/publish',
  'POST /v1/products/{id}/archive',
  'POST /v1/products/{id}/reviews',
  'POST /v1/products/{id}/reviews/{reviewId}/hide',
  'POST /v1/products/{id}/reviews/{reviewId}/restore',
  'POST /v1/operations/{id}/cancel',
  'POST /v1/categories',
  'POST /v1/users',
  'POST /v1/admin/dead-letters/{id}/redrive',
  'POST /v1/admin/dead-letters/{id}/discard',
  'POST /v1/admin/users/{id}/sessions/revoke',
  'POST /v1/admin/reports/{id}/decide',
  'POST /v2/users',
])
