// What the people of the small world say of what the small shop has sold them.

export const DELIVERED_AT = Date.UTC(2026, 0, 12)

/** `[username, SKU, stars, text]`, oldest first. */
export const REVIEWS = [
  ['maya', 'CLO-SHI-01', 5, 'The collar sits, and it is better after each wash. I have ordered a second one in moss.'],
  ['tomas', 'CLO-SHI-01', 4, 'Good cloth, long sleeves. One size down fits me.'],
  ['priya', 'CLO-SHI-01', 5, 'Creases like linen should.\n\nThe buttons are real shell, which nobody tells you.'],
  ['jonas', 'CLO-SHI-01', 3, 'Nice shirt, but the sleeves were too short for me and the exchange took two weeks.'],
  ['amara', 'CLO-KNI-01', 5, 'Warm, heavy, and it smells of wool. My grandfather had this jumper.'],
  ['jonas', 'CLO-KNI-01', 4, 'Scratchy for a week, then not any more.'],
  ['tomas', 'FAB-COT-02', 5, 'Made two aprons of it. The red edge is the best part.'],
  [
    'priya',
    'FAB-LIN-01',
    4,
    'Soft from the start, as promised. Order more than you need: the next batch was a little lighter.',
  ],
  ['maya', 'FAB-LIN-01', 5, 'Curtains for the whole flat. No regrets.'],
  ['amara', 'HOM-BAT-01', 2, 'Dries me well, dries itself slowly. Lost some colour in the first wash.'],
  ['maya', 'HOM-BAT-01', 4, 'Thin, and that is the point. It fits into any bag.'],
  ['tomas', 'HAB-TOO-01', 5, 'They cut everything. Keep them away from paper.'],
  ['priya', 'HOM-TAB-01', 5, 'A present that was asked about all evening.'],
]
