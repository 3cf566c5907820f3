/** What other features of this database use of chat. */
export { findMessage } from './find-message.ts'
export { postToRoom, postToUser, showTyping } from './post-as-system.ts'
export { removeMessage } from './remove-message.ts'
export { tellPairOfBlock } from './tell-pair-of-block.ts'
