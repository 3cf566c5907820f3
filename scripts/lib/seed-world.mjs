// The small world of a fresh `npm start`: one team in the week of a launch. Local data only, so the password is shared
// and printed.
const PASSWORD = 'Woven-edge-7'

const person = (firstName, lastName, username, about) => ({
  email: `${username}@selvage.test`,
  password: PASSWORD,
  firstName,
  lastName,
  username,
  about,
})

export const PEOPLE = [
  person('Maya', 'Lindqvist', 'maya', 'product, leads the launch'),
  person('Tomás', 'Herrera', 'tomas', 'backend'),
  person('Priya', 'Raman', 'priya', 'design'),
  person('Jonas', 'Weber', 'jonas', 'support'),
  person('Amara', 'Okafor', 'amara', 'marketing'),
]

/** `[username, text]` from oldest to newest. */
export const GROUP = {
  name: 'Launch week',
  createdBy: 'maya',
  members: ['tomas', 'priya', 'jonas', 'amara'],
  messages: [
    ['maya', 'Morning all. Launch is Thursday 10:00 UTC. I would like every open question in this room by tonight.'],
    ['tomas', 'Staging has run the release candidate since Friday. No errors that we do not know about.'],
    [
      'priya',
      'The empty state of the inbox still has the old illustration. The new one is in the shared folder, I will swap it before noon.',
    ],
    [
      'amara',
      'Blog post is with legal. They promised an answer today, I have a version without the customer quote in case they say no.',
    ],
    ['jonas', 'Two of the beta customers asked whether their history moves over by itself. Can I tell them yes?'],
    ['tomas', 'Yes. It is copied on their first sign-in, about a second for a normal account. Nothing for them to do.'],
    ['jonas', 'Perfect, that is the sentence I needed.'],
    ['maya', 'Tomás, what is the plan if sign-ins pile up at 10:00?'],
    [
      'tomas',
      'Password checks are slow on purpose, so they queue and then answer 503 with a time to retry. The page waits and tries again. I loaded it with ten times what we expect: slow for a minute, nobody lost.',
    ],
    ['priya', 'Does the page say something during that minute? Right now the button just looks stuck.'],
    ['tomas', 'Fair. It knows how many seconds it waits, we could show them.'],
    ['priya', 'I will draw it. One line under the button, no spinner.'],
    ['amara', 'Legal says yes to the quote! Small change: "faster" becomes "noticeably faster". I can live with that.'],
    ['maya', 'Great. Then the post is final. Priya, can you export the header image in both sizes?'],
    ['priya', 'Done, 1200 and 2400 wide, in the folder next to the draft.'],
    [
      'jonas',
      'The help page on notifications mentions a setting that we renamed last week. Fixing it now, and I will read the other nine while I am there.',
    ],
    ['tomas', 'The waiting line is in. It reads "Busy, trying again in 3 s". Deployed to staging, please poke it.'],
    ['priya', 'Looks right on my phone too. Thank you!'],
    ['maya', 'Who is on call on Thursday afternoon? I have Tomás until 14:00 and then nobody.'],
    ['jonas', 'I can take 14:00 to 18:00 if somebody shows me the dashboard first.'],
    ['tomas', 'Tomorrow at 11:00? Fifteen minutes are enough.'],
    ['jonas', '11:00 it is.'],
    ['maya', 'Then we are set. Go or no-go is tomorrow at 16:00, right here. Good work, everybody.'],
  ],
}

export const PRIVATE = {
  between: ['maya', 'tomas'],
  messages: [
    ['maya', 'Quick one before the go/no-go: is there anything that you did not want to say in the big room?'],
    ['tomas', 'One thing. The nightly export took 40 minutes yesterday, it was 12 last month.'],
    ['maya', 'Does it touch the launch?'],
    [
      'tomas',
      'Not directly. It runs at 02:00. But if it keeps growing like this it meets the morning in Sydney by spring.',
    ],
    ['maya', 'Then let us not fix it this week. Can you write down what you know so that it does not get lost?'],
    ['tomas', 'Already did, it is at the top of the backlog with the numbers.'],
    ['maya', 'You are the best. Are you all right with the hours on Thursday?'],
    ['tomas', 'Yes, as long as Jonas really has the afternoon. My daughter has a concert at 15:30.'],
    ['maya', 'He has it, and I sit next to him. Turn your phone off and enjoy it.'],
    ['tomas', 'I will send you a video of the recorders. You have been warned.'],
    ['maya', 'I would be disappointed if you did not.'],
    ['tomas', 'See you at 16:00!'],
  ],
}
