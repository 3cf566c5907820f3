/** What other features of this database, objects and services use of chat. */
export { erasePersonFromRooms } from './erase-person.ts'
export { findMessage } from './find-message.ts'
export { postToRoom, postToUser, showTyping } from './post-as-system.ts'
export { projectMembers } from './project-room.ts'
export { findAddress, listActiveRooms } from './queries.ts'
export { removeMessage } from './remove-message.ts'
export { listRoomsEver } from './rooms-ever.ts'
export { tellPairOfBlock } from './tell-pair-of-block.ts'
