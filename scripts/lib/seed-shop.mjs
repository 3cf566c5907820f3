// The small shop of a fresh `npm start`: cloth, and what is made of it. Without pictures, as a laptop serves none of its
// own over https. Prices are in minor units of the catalogue's currency.

/** `[slug, name, slug of the one above]`, each after the one above it. */
export const CATEGORIES = [
  ['fabrics', 'Fabrics'],
  ['linen', 'Linen', 'fabrics'],
  ['wool', 'Wool', 'fabrics'],
  ['cotton', 'Cotton', 'fabrics'],
  ['clothing', 'Clothing'],
  ['shirts', 'Shirts', 'clothing'],
  ['knitwear', 'Knitwear', 'clothing'],
  ['home', 'Home'],
  ['bedroom', 'Bedroom', 'home'],
  ['table', 'Table', 'home'],
  ['bath', 'Bath', 'home'],
  ['haberdashery', 'Haberdashery'],
  ['thread', 'Thread', 'haberdashery'],
  ['tools', 'Tools', 'haberdashery'],
]

const SIZES = ['S', 'M', 'L', 'XL']
const bySize = (sku, sizes = SIZES) => sizes.map((size) => ({ sku: `${sku}-${size}`, attributes: { size } }))
const byColour = (sku, ...colours) =>
  colours.map((colour) => ({ sku: `${sku}-${colour.slice(0, 3).toUpperCase()}`, attributes: { colour } }))

/** The category is a slug of the above; a draft waits to be published. */
const product = (category, sku, name, price, stock, description, more = {}) => ({
  category,
  isDraft: false,
  ...{ sku, name, price, stock, description, ...more },
})

export const PRODUCTS = [
  product('linen', 'FAB-LIN-01', 'Washed linen, 185 g', 1890, 140, 'Soft from the first day. One metre, 145 cm wide.', {
    brand: 'Hollin Mill',
    tags: ['linen', 'by the metre', 'summer'],
    attributes: { material: 'linen', width: '145 cm' },
    weightGrams: 268,
    variants: byColour('FAB-LIN-01', 'Oat', 'Indigo', 'Moss', 'Brick'),
  }),
  product(
    'linen',
    'FAB-LIN-02',
    'Heavy linen canvas',
    2450,
    60,
    'For bags, aprons and chairs. One metre, 150 cm wide.',
    {
      brand: 'Hollin Mill',
      tags: ['linen', 'by the metre', 'sturdy'],
      attributes: { material: 'linen', width: '150 cm' },
      weightGrams: 510,
    },
  ),
  product('linen', 'FAB-LIN-03', 'Linen gauze', 1650, 0, 'Open and light, for curtains and scarves.', {
    brand: 'Orrel & Daughters',
    tags: ['linen', 'by the metre', 'summer'],
    attributes: { material: 'linen', width: '140 cm' },
  }),
  product('wool', 'FAB-WOO-01', 'Herringbone tweed', 4200, 35, 'Woven from undyed wool. One metre, 150 cm wide.', {
    brand: 'Fell Side',
    tags: ['wool', 'by the metre', 'winter'],
    attributes: { material: 'wool', width: '150 cm' },
    weightGrams: 560,
  }),
  product('wool', 'FAB-WOO-02', 'Boiled wool', 3600, 48, 'Does not fray, needs no lining. One metre, 140 cm wide.', {
    brand: 'Fell Side',
    tags: ['wool', 'by the metre', 'winter'],
    attributes: { material: 'wool', width: '140 cm' },
    variants: byColour('FAB-WOO-02', 'Charcoal', 'Ochre', 'Forest'),
  }),
  product(
    'cotton',
    'FAB-COT-01',
    'Organic poplin',
    1290,
    210,
    'A crisp plain weave for shirts. One metre, 145 cm wide.',
    {
      brand: 'Orrel & Daughters',
      tags: ['cotton', 'by the metre', 'organic'],
      attributes: { material: 'cotton', width: '145 cm' },
      variants: byColour('FAB-COT-01', 'White', 'Sky', 'Rose'),
    },
  ),
  product('cotton', 'FAB-COT-02', 'Selvedge denim, 14 oz', 2890, 75, 'Rope-dyed on narrow looms, with a red edge.', {
    brand: 'Kaido',
    tags: ['cotton', 'by the metre', 'sturdy'],
    attributes: { material: 'cotton', width: '80 cm' },
    weightGrams: 390,
  }),
  product('cotton', 'FAB-COT-03', 'Cotton velvet', 3150, 22, 'A short, dense pile that takes the light.', {
    brand: 'Orrel & Daughters',
    tags: ['cotton', 'by the metre'],
    compareAtPrice: 3900,
    attributes: { material: 'cotton', width: '140 cm' },
  }),
  product(
    'shirts',
    'CLO-SHI-01',
    'Band-collar linen shirt',
    8900,
    31,
    'Cut straight, washed twice, best a little creased.',
    {
      brand: 'Selvage',
      tags: ['linen', 'summer', 'new'],
      attributes: { material: 'linen', fit: 'straight' },
      variants: bySize('CLO-SHI-01'),
    },
  ),
  product(
    'shirts',
    'CLO-SHI-02',
    'Oxford shirt',
    7500,
    44,
    'A button-down in heavy cotton that gets better with years.',
    {
      brand: 'Selvage',
      tags: ['cotton', 'everyday'],
      attributes: { material: 'cotton', fit: 'regular' },
      variants: bySize('CLO-SHI-02'),
    },
  ),
  product(
    'shirts',
    'CLO-SHI-03',
    'Work overshirt',
    11900,
    12,
    'Denim, three pockets, made to be worn over everything.',
    {
      brand: 'Kaido',
      tags: ['cotton', 'sturdy'],
      compareAtPrice: 13900,
      attributes: { material: 'cotton', fit: 'loose' },
      variants: bySize('CLO-SHI-03', ['M', 'L', 'XL']),
    },
  ),
  product('knitwear', 'CLO-KNI-01', 'Fisherman jumper', 14500, 18, 'Five-gauge wool, knitted in one piece.', {
    brand: 'Fell Side',
    tags: ['wool', 'winter'],
    attributes: { material: 'wool', fit: 'regular' },
    weightGrams: 780,
    variants: bySize('CLO-KNI-01'),
  }),
  product('knitwear', 'CLO-KNI-02', 'Merino vest', 8200, 26, 'Thin enough for under a jacket.', {
    brand: 'Fell Side',
    tags: ['wool', 'everyday'],
    attributes: { material: 'merino', fit: 'slim' },
    variants: bySize('CLO-KNI-02', ['S', 'M', 'L']),
  }),
  product('knitwear', 'CLO-KNI-03', 'Ribbed beanie', 2900, 0, 'Back in October.', {
    brand: 'Fell Side',
    tags: ['wool', 'winter', 'gift'],
    attributes: { material: 'wool' },
  }),
  product(
    'bedroom',
    'HOM-BED-01',
    'Linen bedding set',
    18900,
    16,
    'One cover and two pillowcases. Warm in winter, cool in July.',
    {
      brand: 'Selvage',
      tags: ['linen', 'new'],
      attributes: { material: 'linen' },
      weightGrams: 2300,
      variants: [
        { sku: 'HOM-BED-01-140', attributes: { size: '140 x 200' } },
        { sku: 'HOM-BED-01-200', attributes: { size: '200 x 200' }, price: 22900 },
      ],
    },
  ),
  product('bedroom', 'HOM-BED-02', 'Wool throw', 12900, 9, 'Lambswool with a blanket stitch.', {
    brand: 'Fell Side',
    tags: ['wool', 'winter', 'gift'],
    attributes: { material: 'wool', size: '130 x 180 cm' },
  }),
  product('table', 'HOM-TAB-01', 'Linen napkins, set of four', 3900, 52, 'Hemmed by hand, 45 cm square.', {
    brand: 'Selvage',
    tags: ['linen', 'gift'],
    attributes: { material: 'linen' },
    variants: byColour('HOM-TAB-01', 'Oat', 'Indigo'),
  }),
  product('table', 'HOM-TAB-02', 'Jacquard tablecloth', 9400, 7, 'Oak leaves, woven rather than printed.', {
    brand: 'Orrel & Daughters',
    tags: ['cotton', 'gift'],
    compareAtPrice: 11900,
    attributes: { material: 'cotton', size: '150 x 250 cm' },
  }),
  product('bath', 'HOM-BAT-01', 'Waffle towel', 3400, 64, 'Dries you, and then itself.', {
    brand: 'Selvage',
    tags: ['cotton', 'everyday', 'organic'],
    attributes: { material: 'cotton', size: '70 x 140 cm' },
    variants: byColour('HOM-BAT-01', 'White', 'Clay', 'Slate'),
  }),
  product('bath', 'HOM-BAT-02', 'Bath mat', 2600, 38, 'A thick weave with a flat edge.', {
    brand: 'Selvage',
    tags: ['cotton', 'everyday'],
    attributes: { material: 'cotton', size: '50 x 80 cm' },
  }),
  product('thread', 'HAB-THR-01', 'Linen thread, 100 m', 690, 320, 'Waxed, for buttons and leather.', {
    brand: 'Spool',
    tags: ['linen', 'sewing'],
    variants: byColour('HAB-THR-01', 'Natural', 'Black', 'Red'),
  }),
  product('thread', 'HAB-THR-02', 'Darning wool', 450, 180, 'Ten metres on a card, in the colours of our knitwear.', {
    brand: 'Spool',
    tags: ['wool', 'sewing', 'mending'],
  }),
  product(
    'tools',
    'HAB-TOO-01',
    'Tailor’s shears',
    6800,
    14,
    'Forged, 24 cm, and sharpened for free as long as you own them.',
    {
      brand: 'Spool',
      tags: ['sewing', 'gift'],
      weightGrams: 310,
      variants: [
        { sku: 'HAB-TOO-01-R', attributes: { hand: 'right' } },
        { sku: 'HAB-TOO-01-L', attributes: { hand: 'left' } },
      ],
    },
  ),
  product('tools', 'HAB-TOO-02', 'Mending kit', 2200, 0, 'Needles, a darning mushroom and three cards of wool.', {
    brand: 'Spool',
    tags: ['sewing', 'mending', 'gift'],
    isDraft: true,
  }),
]
