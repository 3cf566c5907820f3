import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
const MOST_COLORS = 256

/**
 * The same picture with at most 256 colours, a fourth of its size or so: enough for pages, whose colours are few and
 * flat. Only what a browser's screenshots are is understood: 8 bits a channel, RGB or RGBA, not interlaced.
 * @param {Buffer} png
 */
export function shrinkPng(png) {
  const { width, height, channels, data } = read(png)
  const pixels = unfilter(data, width, height, channels)
  const counts = new Map()
  const colors = new Uint32Array(width * height)
  for (let at = 0, from = 0; at < colors.length; at++, from += channels) {
    const color = (pixels[from] << 16) | (pixels[from + 1] << 8) | pixels[from + 2]
    colors[at] = color
    counts.set(color, (counts.get(color) ?? 0) + 1)
  }
  const { palette, indexOf } = choosePalette(counts)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 1; x <= width; x++) rows[y * (width + 1) + x] = indexOf.get(colors[at++])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3, 0, 0, 0], 8)
  const small = Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
  return small.length < png.length ? small : png
}

function read(png) {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('This is no PNG')
  const parts = []
  let header
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') header = body
    if (type === 'IDAT') parts.push(body)
    at += length + 12
  }
  const channels = { 2: 3, 6: 4 }[header[9]]
  if (header[8] !== 8 || !channels || header[12] !== 0) throw new Error('A PNG of another kind than screenshots are')
  return {
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    channels,
    data: inflateSync(Buffer.concat(parts)),
  }
}

/** Each row names the filter by which it is told from what is left of it and above it. */
function unfilter(data, width, height, channels) {
  const stride = width * channels
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y++) {
    const filter = data[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x
      const left = x >= channels ? out[at - channels] : 0
      const up = y > 0 ? out[at - stride] : 0
      const corner = x >= channels && y > 0 ? out[at - stride - channels] : 0
      out[at] = data[y * (stride + 1) + 1 + x] + [0, left, up, (left + up) >> 1, nearest(left, up, corner)][filter]
    }
  }
  return out
}

function nearest(left, up, corner) {
  const guess = left + up - corner
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}

/** Cuts the colours in two where they differ most, until there are as many groups as a palette holds. */
function choosePalette(counts) {
  const groups = [describe([...counts])]
  while (groups.length < MOST_COLORS) {
    groups.sort((one, other) => one.weight - other.weight)
    const widest = groups.at(-1)
    if (widest.weight === 0) break
    groups.pop()
    const entries = widest.entries.sort(([one], [other]) => channel(one, widest.shift) - channel(other, widest.shift))
    const middle = Math.max(1, Math.min(entries.length - 1, splitOf(entries, widest)))
    groups.push(describe(entries.slice(0, middle)), describe(entries.slice(middle)))
  }
  const indexOf = new Map()
  const palette = groups.map(({ entries }, index) => {
    for (const [color] of entries) indexOf.set(color, index)
    // The most frequent one and no mean: large surfaces keep their colour to the bit.
    return entries.reduce((most, entry) => (entry[1] > most[1] ? entry : most))[0]
  })
  return { palette, indexOf }
}

function describe(entries) {
  const ranges = [16, 8, 0].map((shift) => {
    const values = entries.map(([color]) => channel(color, shift))
    const [least, most] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [255, 0])
    return { shift, least, most, range: most - least }
  })
  const widest = ranges.reduce((one, other) => (other.range > one.range ? other : one))
  const total = entries.reduce((sum, [, count]) => sum + count, 0)
  // Rare colours matter too: they are the edges of letters.
  return { entries, ...widest, weight: widest.range ** 2 * Math.sqrt(total) }
}

function splitOf(entries, { shift, least, most }) {
  const middle = (least + most) / 2
  return entries.findIndex(([color]) => channel(color, shift) > middle)
}

function channel(color, shift) {
  return (color >> shift) & 255
}

function chunk(type, body) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(body.length, 0)
  framed.set(named, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}
