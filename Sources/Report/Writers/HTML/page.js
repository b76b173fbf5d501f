'use strict'
// What a report's page does beyond being read: charts answer mouse and keyboard, findings point into them, tables sort.
// Without this script the page stands as it is. Nothing is fetched, nothing is kept.
{
  const { abs, ceil, floor, log10, max, min, round } = Math
  const quantities = ['step', 'epoch', 'tokens', 'time']
  const limit = (value, low, high) => min(max(value, low), high)
  const hull = values => [min(...values), max(...values)]
  const find = (selector, host = document) => [...host.querySelectorAll(selector)]
  const add = (parent, name, properties) => parent.appendChild(Object.assign(document.createElement(name), properties))

  const figure = value => abs(value) < 1e5 ? +value.toPrecision(5) : round(value).toLocaleString('en')
  const inWords = (axis, value) => axis !== 'time' ? figure(value) : value < 60 ? figure(value) + ' s'
    : value < 3600 ? `${value / 60 | 0} min ${value % 60 | 0} s` : `${value / 3600 | 0} h ${value % 3600 / 60 | 0} min`

  // The index of the value that is nearest, and a straight line between the two points of a rising column around one.
  const nearest = (column, value) =>
    column.reduce((best, place, index) => abs(place - value) <= abs(column[best] - value) ? index : best, 0)
  const between = ([from, to], value) => {
    const last = limit(from.findLastIndex(place => place <= value), 0, from.length - 2), next = last + 1
    return to[last] + (to[next] - to[last]) * (value - from[last]) / (from[next] - from[last])
  }
  // TensorBoard's smoothing of values that stand for `count` points each.
  const smooth = (values, weight, count = 1) => {
    let [state, power, decay] = [0, 1, weight ** count]
    return values.map(value => isNaN(value) ? value
      : (state = state * decay + (1 - decay) * value) / (1 - (power *= decay)))
  }
  const scale = ([low, high], start, end, isLog) => {
    const [bend, unbend] = isLog ? [log10, value => 10 ** value] : [Number, Number]
    const factor = (end - start) / (bend(high) - bend(low))
    const place = value => start + (bend(value) - bend(low)) * factor
    place.back = pixel => unbend(bend(low) + (pixel - start) / factor)
    return place
  }
  const ticks = ([low, high], count, isLog) => {
    // Powers in even steps, rounded to one digit: 1, 3, 10, 30.
    if (isLog && high > 20 * low) return [...new Set(ticks([log10(low), log10(high)], count)
      .map(power => +(10 ** power).toPrecision(1)))].filter(value => value >= low && value <= high)
    const found = []
    const power = 10 ** floor(log10((high - low) / count))
    const step = power * ([1, 2, 5].find(factor => factor * power * count >= high - low) || 10)
    for (let index = ceil(low / step); index * step <= high; index++) found.push(index * step)
    return found
  }

  const chart = (host, data) => {
    const { axis: first, between: [left, right], log, smoothing, clocks, panels, rules, paints } = data
    const [svg] = find('svg', host), [still] = find('.plot', svg)
    const [upper] = panels, { top, log: wasLogY } = upper, last = panels.at(-1)
    const bottom = last.top + last.height
    const lines = panels.flatMap(panel => panel.lines)
    for (const { lines } of panels) for (const line of lines) {
      line.raw = lines[line.smooths]
      // Places come as differences, and what is no number as null.
      for (const part of [line, line.means]) if (part) {
        part.by.reduce((sum, step, index) => part.by[index] = sum + step, 0)
        part.y = part.y.map(value => value ?? NaN)
      }
    }
    let [axis, hidden, weight, isLogX] = [first, new Set(), 0, log]
    let zoomed, marked, cursor, start, span, across
    const reset = () => zoomed = marked = null
    const shown = panel => panel.lines.filter(line => !hidden.has(line.of))
    // What a place is in another quantity, by the clock of a run.
    const on = (axis, place, clock) => between(clocks[clock][axis], place)
    const here = place => across(on(axis, place, 0))
    // The places and values of a line, and the columns that they are made of.
    const points = line => {
      const raw = weight && line.raw
      const source = raw?.means || raw || line
      const places = (source.places ||= {})[axis] ||= source.by.map(place => on(axis, place, line.clock))
      return [places, raw ? smooth(source.y, weight, source.count) : line.y, source]
    }

    const heights = panel => {
      const seen = shown(panel).flatMap(line => {
        const [x, y] = points(line)
        return y.filter((value, index) => value > (panel.log ? 0 : -Infinity) && x[index] === limit(x[index], ...span))
      })
      if (!seen.length || !zoomed && (!panel.log || panel.y[0] > 0)) return panel.y
      const [low, high] = hull(seen)
      const pad = (high - low || abs(high) / 100 || 1) / 16
      return panel.log ? [low / 1.1, high * 1.1] : [low - pad, high + pad]
    }

    // Fills and strokes may be names of the picture's colours.
    const colour = name => paints[name] ? `light-dark(${paints[name]})` : name
    const draw = (parent, name, attributes, words = '') => {
      const made = parent.appendChild(document.createElementNS(svg.namespaceURI, name))
      for (const key in attributes) made.setAttribute(key, colour(attributes[key]))
      made.textContent = words
      return made
    }
    const live = draw(svg, 'g', { fill: 'none', 'font-size': 11, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' })
    const pointer = draw(svg, 'g')
    const upright = x => `M${x} ${top}V${bottom}`
    const redraw = () => {
      const isOther = zoomed || marked || weight || hidden.size || axis !== first || isLogX !== log || upper.log !== wasLogY
      span = zoomed || axis === first && data.x || hull(lines.flatMap(line => hull(points(line)[0])))
      if (isLogX && span[0] <= 0) span = [min(1, span[1] / 100), span[1]]
      across = scale(span, left, right, isLogX)
      live.replaceChildren()
      still.setAttribute('display', isOther ? 'none' : 'inline')
      for (const panel of panels) {
        const height = heights(panel)
        const up = panel.up = scale(height, panel.top + panel.height, panel.top, panel.log)
        if (isOther) drawPanel(panel, up, height)
      }
      drawCursor()
    }
    const drawPanel = (panel, up, height) => {
      // An inner svg cuts off what reaches beyond the panel.
      const size = { x: left, y: panel.top, width: right - left, height: panel.height }
      const inside = draw(live, 'svg', { ...size, viewBox: Object.values(size).join(' ') })
      const text = (x, y, words, anchor = 'end') => draw(live, 'text', { x, y, fill: 'muted', 'text-anchor': anchor }, words)
      const stroke = (d, stroke, dash = 'none') => draw(inside, 'path', { d, stroke, 'stroke-dasharray': dash })
      const level = y => `M${left} ${up(y)}H${right}`
      text(left, panel.top - 4, panel.name, 'start')
      for (const tick of ticks(height, panel.height / 45, panel.log)) {
        stroke(level(tick), 'grid')
        text(left - 9, up(tick) + 4, figure(tick))
      }
      for (const tick of ticks(span, 7, isLogX)) {
        stroke(upright(across(tick)), 'grid')
        if (panel === last) text(across(tick), bottom + 17, inWords(axis, tick), 'middle')
      }
      if (panel === last) text(left - 7, bottom + 17, axis)
      for (const { from, to, paint } of panel.shades.concat(marked || []))
        draw(inside, 'rect', { ...size, x: here(from), width: max(here(to) - here(from), 2), fill: paint, opacity: 0.12 })
      for (const { x, paint } of rules) stroke(upright(here(x)), paint, '3 3')
      for (const { y, paint } of panel.levels) stroke(level(y), paint, '2 3')
      for (const { x, y, paint } of panel.bands)
        draw(inside, 'path', { d: 'M' + x.map((place, index) => [here(place), up(y[index])]).join('L'), fill: paint, opacity: 0.18 })
      for (const line of shown(panel)) {
        const [x, y] = points(line)
        // A line begins anew behind what is no number; h0 makes a dot of a point alone.
        let [d, sign] = ['', 'M']
        y.forEach((value, index) => {
          const place = [across(x[index]), limit(up(value), -9e3, 9e3)]
          if (!place.every(isFinite)) return sign = 'M'
          d += sign + place.map(pixel => pixel.toFixed(1)) + 'h0'
          sign = 'L'
        })
        draw(inside, 'path', { d, ...line.look })
      }
      for (const { of, x, y, look } of panel.marks) if (!hidden.has(of))
        x.forEach((place, index) => draw(inside, 'circle', { cx: here(place), cy: up(y[index]), ...look }))
    }

    // The crosshair, and what every line says there.
    const readout = add(host, 'div', { className: 'readout', hidden: true, role: 'status' })
    const say = words => Object.assign(readout, { hidden: false, textContent: words })
    const drawCursor = () => {
      pointer.replaceChildren()
      if (cursor == null) return readout.hidden = true
      const rule = draw(pointer, 'path', { d: upright(across(cursor)), stroke: 'muted' })
      const rows = panels.flatMap(panel => shown(panel).flatMap(line => {
        const [x, y, { by }] = points(line)
        const point = nearest(x, cursor)
        const off = abs(x[point] - cursor), value = y[point]
        // A line that ends elsewhere has nothing to say here.
        if (!line.of || off > max((span[1] - span[0]) / 40, x[1] - x[0])) return []
        const cy = limit(panel.up(value), panel.top, panel.top + panel.height)
        return [{ line, off, value, place: by[point], cx: across(x[point]), cy }]
      // Lines that stand in front are drawn last.
      })).slice(-12)
      const { line, place } = rows.toSorted((a, b) => a.off - b.off)[0] || {}
      const facts = line ? quantities.filter(axis => clocks[line.clock][axis])
        .map(axis => `${axis} ${inWords(axis, on(axis, place, line.clock))}`) : [inWords(axis, cursor)]
      add(say(''), 'strong', { textContent: facts.join(' · ') })
      for (const row of rows) {
        const box = add(readout, 'div'), fill = row.line.look.stroke
        add(box, 'i').style.background = colour(fill)
        add(box, 'span', { textContent: row.line.name + (row.place === place ? '' : ` at ${figure(row.place)}`) })
        add(box, 'b', { textContent: figure(row.value) })
        if (isFinite(row.cy)) draw(pointer, 'circle', { cx: row.cx, cy: row.cy, r: 3, fill })
      }
      const x = rule.getBoundingClientRect().x - host.getBoundingClientRect().x + host.scrollLeft
      readout.style.left = `${x > host.clientWidth / 2 ? x - readout.offsetWidth - 12 : x + 12}px`
    }

    const pixel = event => limit(new DOMPoint(event.clientX).matrixTransform(svg.getScreenCTM().inverse()).x, left, right)
    svg.onpointerdown = event => start = pixel(event)
    svg.onpointermove = event => {
      const x = pixel(event)
      cursor = across.back(x)
      drawCursor()
      if (start) draw(pointer, 'path', { d: `M${start} ${top}H${x}V${bottom}H${start}`, fill: 'muted', opacity: 0.2 })
    }
    addEventListener('pointerup', event => {
      if (!start) return
      const ends = hull([start, pixel(event)])
      if (ends[1] - ends[0] > 5) zoomed = ends.map(across.back)
      start = null
      redraw()
    })
    svg.onpointerleave = svg.onblur = () => { cursor = null; drawCursor() }
    svg.onkeydown = event => {
      const middle = cursor ?? (span[0] + span[1]) / 2, far = event.shiftKey ? 10 : 1
      const [x] = points(lines.reduce((a, b) => a.by.length >= b.by.length ? a : b))
      const move = by => cursor = x[limit(nearest(x, cursor ?? x[0]) + by, 0, x.length - 1)]
      const zoom = share => zoomed = span.map(end => middle + (end - middle) * share)
      const act = { ArrowLeft: () => move(-far), ArrowRight: () => move(far), '+': () => zoom(0.5), '-': () => zoom(2), Escape: reset }[event.key]
      if (!act) return
      event.preventDefault()
      act()
      redraw()
    }
    svg.tabIndex = 0
    svg.ariaRoleDescription = 'chart; arrows read values, + and − zoom, Escape resets'

    const tools = add(host, 'div', { className: 'tools' })
    const button = (textContent, onclick, more) => add(tools, 'button', { textContent, onclick, ...more })
    const names = [...new Set(lines.flatMap(line => line.of || []))].slice(-30)
    const buttons = names.map(name => button(name, event => {
      if (event.shiftKey || event.detail > 1) hidden = new Set(names.filter(other => other !== name))
      else if (!hidden.delete(name)) hidden.add(name)
      for (const each of buttons) each.ariaPressed = !hidden.has(each.textContent)
      redraw()
    }, { title: 'Hide or show; alone by double click or Shift', ariaPressed: true }))
    const control = (words, name, properties, set) => {
      const made = add(add(tools, 'label', { textContent: words }), name, properties)
      made.oninput = () => { set(made); redraw() }
      return made
    }
    const axes = quantities.filter(axis => lines.every(line => clocks[line.clock][axis]))
    if (axes.length > 1) {
      const select = control('by', 'select', {}, ({ value }) => { axis = value; zoomed = cursor = null })
      for (const axis of axes) select.add(new Option(axis))
      select.value = first
    }
    control('log x', 'input', { type: 'checkbox', checked: log }, ({ checked }) => isLogX = checked)
    control('log y', 'input', { type: 'checkbox', checked: wasLogY }, ({ checked }) => upper.log = checked)
    if (lines.some(line => line.raw)) {
      const caption = find('text', svg).find(text => text.textContent === smoothing)
      control('smoothing', 'input', { type: 'range', max: 0.999, step: 0.001, value: 0 }, slider => {
        weight = +slider.value
        slider.title = weight ? `exponential, weight ${weight}` : smoothing
        if (caption) caption.textContent = slider.title
      })
    }
    button('Reset zoom', () => { reset(); redraw() })

    // The picture as it is seen, its colours in the place of style sheets.
    const source = () => {
      const copy = svg.cloneNode(true), seen = find('*', svg)
      find('*', copy).forEach((made, index) => {
        for (const key of ['fill', 'stroke']) made.setAttribute(key, getComputedStyle(seen[index])[key])
      })
      copy.querySelector('style').remove()
      return new XMLSerializer().serializeToString(copy)
    }
    const put = (ending, blob) => navigator.clipboard.write([new ClipboardItem({ [blob.type]: blob })])
      .then(() => say('Copied.'), () => {
        add(host, 'a', { href: URL.createObjectURL(blob), download: host.id + ending }).click()
        say('Saved as a file: no copying here.')
      })
    button('Copy SVG', () => put('.svg', new Blob([source()], { type: 'text/plain' })))
    button('Copy PNG', async () => {
      const picture = Object.assign(new Image(), { src: 'data:image/svg+xml,' + encodeURIComponent(source()) })
      await picture.decode()
      const canvas = new OffscreenCanvas(picture.width * 2, picture.height * 2)
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
      put('.png', await canvas.convertToBlob())
    })

    host.point = (from, to) => {
      [zoomed, marked, cursor] = [null, { from, to, paint: 'warning' }, on(axis, from, 0)]
      redraw()
    }
    redraw()
  }

  for (const data of find('figure > script')) chart(data.parentNode, JSON.parse(data.textContent))
  for (const link of find('a[data-from]'))
    link.onclick = () => find(link.hash)[0]?.point?.(+link.dataset.from, +link.dataset.to)

  for (const { tHead: { rows: [{ cells }] }, tBodies: [body] } of find('table:not(.facts)')) for (const header of cells) {
    const value = ({ cells: { [header.cellIndex]: cell } }) => cell.dataset.value ?? cell.textContent
    const compare = (a, b) => value(a) - value(b) || value(a).localeCompare(value(b), 'en', { numeric: true })
    const sort = () => {
      const isRising = header.ariaSort !== 'ascending'
      body.append(...[...body.rows].sort((a, b) => isRising ? compare(a, b) : compare(b, a)))
      for (const other of cells) other.ariaSort = null
      header.ariaSort = isRising ? 'ascending' : 'descending'
    }
    Object.assign(header, { tabIndex: 0, onclick: sort, onkeydown: ({ key }) => key === 'Enter' && sort() })
  }
}
