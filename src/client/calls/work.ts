import type { Call } from '../call.ts'
import { accessCalls } from './access.ts'
import { categoryCalls, productCalls } from './catalog.ts'
import { directoryCalls } from './directory.ts'
import { longWorkCalls } from './long-work.ts'
import { messageCalls } from './messages.ts'
import { notificationCalls } from './notifications.ts'
import { peopleCalls } from './people.ts'
import { reviewCalls } from './reviews.ts'
import { roomCalls } from './rooms.ts'
import { moderationCalls, operationCalls, userCalls } from './staff.ts'

/** All calls but those about signing in and the account, which no API key may make. */
export function workCalls(call: Call) {
  return {
    people: peopleCalls(call),
    rooms: roomCalls(call),
    messages: messageCalls(call),
    notifications: notificationCalls(call),
    moderation: moderationCalls(call),
    operations: operationCalls(call),
    users: userCalls(call),
    directory: directoryCalls(call),
    access: accessCalls(call),
    products: productCalls(call),
    reviews: reviewCalls(call),
    longWork: longWorkCalls(call),
    categories: categoryCalls(call),
  }
}
