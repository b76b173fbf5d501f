'use strict'
// What a report's page does beyond being read: charts answer mouse and keyboard, findings point into them, tables sort.
// Without this script the page stands as it is. Nothing is fetched, nothing is kept.
{
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const limit = (value, low, high) => Math.min(Math.max(value, low), high)
  const add = (parent, name, properties) => parent.appendChild(Object.assign(document.createElement(name), properties))
  const draw = (parent, name, attributes, words) => {
    const made = parent.appendChild(document.createElementNS('http://www.w3.org/2000/svg', name))
    for (const key in attributes) made.setAttribute(key, attributes[key])
    if (words) made.textContent = words
    return made
  }

  const figure = value => value == null ? 'NaN'
    : Math.abs(value) < 1e5 ? Number(value.toPrecision(5)) : Math.round(value).toLocaleString('en')
  const duration = value => value < 60 ? `${figure(value)} s`
    : value < 3600 ? `${value / 60 | 0} min ${value % 60 | 0} s` : `${value / 3600 | 0} h ${value % 3600 / 60 | 0} min`
  const inWords = (axis, value) => axis === 'time' ? duration(value) : figure(value)

  // The first index of a rising column that is not below a value, the nearest one, and a straight line between two.
  const seek = (column, value) => {
    let [low, high] = [0, column.length]
    while (low < high) column[low + high >> 1] < value ? low = (low + high >> 1) + 1 : high = low + high >> 1
    return low
  }
  const nearest = (column, value) => {
    const next = limit(seek(column, value), 1, column.length - 1)
    return value - column[next - 1] < column[next] - value ? next - 1 : next
  }
  const between = ([from, to], value) => {
    const next = limit(seek(from, value), 1, from.length - 1)
    return to[next - 1] + (to[next] - to[next - 1]) * (value - from[next - 1]) / (from[next] - from[next - 1])
  }
  // TensorBoard's smoothing of values that stand for `count` points each.
  const smooth = (values, weight, count) => {
    let [state, power, decay] = [0, 1, weight ** count]
    return values.map(value => {
      if (value == null) return null
      state = state * decay + (1 - decay) * value
      return state / (1 - (power *= decay))
    })
  }
  const scale = ([low, high], start, end, isLog) => {
    const bend = isLog ? Math.log10 : value => value
    const factor = (end - start) / (bend(high) - bend(low))
    const place = value => start + (bend(value) - bend(low)) * factor
    place.back = pixel => isLog ? 10 ** (bend(low) + (pixel - start) / factor) : low + (pixel - start) / factor
    return place
  }
  const ticks = ([low, high], count, isLog) => {
    const found = []
    if (isLog && high > 20 * low) {
      for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++)
        for (const factor of high > 1e4 * low ? [1] : [1, 2, 5]) found.push(Number(`${factor}e${power}`))
      return found.filter(value => value >= low && value <= high)
    }
    const power = 10 ** Math.floor(Math.log10((high - low) / count))
    const step = power * ([1, 2, 5].find(factor => factor * power * count >= high - low) || 10)
    for (let index = Math.ceil(low / step); index * step <= high; index++) found.push(index * step)
    return found
  }

  const chart = (host, data) => {
    const svg = host.querySelector('svg')
    const [left, right] = data.between
    const { panels, clocks } = data
    const [top, last] = [panels[0].top, panels.at(-1)]
    const bottom = last.top + last.height
    const lines = panels.flatMap(panel => panel.lines)
    // Places come as differences.
    for (const { by, means } of lines) for (const column of [by, means?.by || []])
      for (let index = 1; index < column.length; index++) column[index] += column[index - 1]
    const state = { axis: data.axis, hidden: new Set(), logX: data.log, logY: panels[0].log }
    const isDark = () => !getComputedStyle(host).getPropertyValue('--page').includes('#fff')
    const colour = name => data.paints[name][isDark() ? 1 : 0]
    const nameOf = (line, panel) => line.name || panel.lines[line.smooths]?.name
    const shown = panel => panel.lines.filter(line => !state.hidden.has(nameOf(line, panel)))
    const knows = (axis, clock) => axis === data.base || clocks[clock]?.[axis]
    const on = (axis, place, clock = 0) => axis === data.base ? place : between(clocks[clock][axis], place)
    const here = (place, clock) => on(state.axis, place, clock)
    const points = (line, panel) => {
      const raw = state.weight && panel.lines[line.smooths]
      const source = raw?.means || raw || line
      const places = (source.places ||= {})[state.axis] ||= source.by.map(place => here(place, line.clock))
      return [places, raw ? smooth(source.y, state.weight, source.count || 1) : line.y]
    }

    const range = () => {
      const all = lines.map(line => points(line, {})[0])
      const [low, high] = state.range || state.axis === data.axis && data.x
        || [Math.min(...all.map(x => x[0])), Math.max(...all.map(x => x.at(-1)))]
      return [state.logX && low <= 0 ? Math.min(1, high / 100) : low, high]
    }
    const heights = (panel, isLog, [from, to]) => {
      if (!state.range && !(isLog && panel.y[0] <= 0)) return panel.y
      let [low, high] = [Infinity, -Infinity]
      for (const line of shown(panel)) {
        const [x, y] = points(line, panel)
        for (let index = seek(x, from); x[index] <= to; index++) if (y[index] != null && (!isLog || y[index] > 0))
          [low, high] = [Math.min(low, y[index]), Math.max(high, y[index])]
      }
      if (low > high) return panel.y
      const pad = (high - low || Math.abs(high) / 100 || 1) / 16
      return isLog ? [low / 1.1, high * 1.1] : [low - pad, high + pad]
    }

    const still = svg.querySelector('.plot')
    const live = draw(svg, 'g', { fill: 'none', 'font-size': 11, 'stroke-linejoin': 'round', 'stroke-linecap': 'round' })
    const cursor = draw(svg, 'g')
    let across, ups
    const redraw = () => {
      const domain = range()
      across = scale(domain, left, right, state.logX)
      live.replaceChildren()
      const isStill = state.axis === data.axis && !state.range && !state.logX == !data.log && !state.weight && !state.hidden.size
        && !state.mark && state.logY === panels[0].log
      still.style.display = isStill ? '' : 'none'
      ups = panels.map((panel, index) => {
        const isLog = index ? panel.log : state.logY
        const span = heights(panel, isLog, domain)
        const up = scale(span, panel.top + panel.height, panel.top, isLog)
        if (!isStill) drawPanel(panel, up, ticks(span, panel.height / 45, isLog), ticks(domain, 7, state.logX))
        return up
      })
      drawCursor()
    }
    const drawPanel = (panel, up, yTicks, xTicks) => {
      const foot = panel.top + panel.height
      const text = (x, y, words, anchor = 'start') =>
        draw(live, 'text', { x, y, fill: colour('muted'), 'text-anchor': anchor }, words)
      const rule = (parent, d, paint, dash = 'none') => draw(parent, 'path', { d, stroke: colour(paint), 'stroke-dasharray': dash })
      text(left, panel.top - 4, panel.name)
      for (const tick of yTicks) {
        rule(live, `M${left} ${up(tick)}H${right}`, 'grid')
        text(left - 7, up(tick) + 4, figure(tick), 'end')
      }
      for (const tick of xTicks) {
        rule(live, `M${across(tick)} ${panel.top}V${foot}`, 'grid')
        if (panel === last) text(across(tick), foot + 17, inWords(state.axis, tick), 'middle')
      }
      if (panel === last) text(left - 7, foot + 17, state.axis, 'end')
      // An inner svg cuts off what reaches beyond the panel.
      const size = { x: left, y: panel.top, width: right - left, height: panel.height }
      const inside = draw(live, 'svg', { ...size, viewBox: Object.values(size).join(' ') })
      const stretch = (from, to, paint) => draw(inside, 'rect', { ...size, x: across(here(from)), opacity: 0.12,
        width: Math.max(across(here(to)) - across(here(from)), 2), fill: colour(paint) })
      for (const { from, to, paint } of panel.shades) stretch(from, to, paint)
      if (state.mark) stretch(...state.mark, 'warning')
      for (const { x, paint } of data.rules) rule(inside, `M${across(here(x))} ${panel.top}V${foot}`, paint, '3 3')
      for (const { y, paint } of panel.levels) rule(inside, `M${left} ${up(y)}H${right}`, paint, '2 3')
      for (const { x, low, high, paint } of panel.bands) {
        const edge = column => column.map((y, index) => `${across(here(x[index]))} ${up(y)}`)
        draw(inside, 'path', { d: `M${[...edge(low), ...edge(high).reverse()].join('L')}Z`, fill: colour(paint), opacity: 0.18 })
      }
      for (const line of shown(panel)) {
        const [x, y] = points(line, panel)
        let [d, pen] = ['', 'M']
        y.forEach((value, index) => {
          const [right, down] = [across(x[index]), value == null ? NaN : limit(up(value), -9e3, 9e3)]
          if (isFinite(right + down)) d += `${pen}${right.toFixed(1)} ${down.toFixed(1)}${pen === 'M' ? 'h0' : ''}`
          pen = isFinite(right + down) ? 'L' : 'M'
        })
        draw(inside, 'path', { d, stroke: colour(line.paint), 'stroke-width': line.width, opacity: line.opacity,
          'stroke-dasharray': line.dash || 'none' })
      }
      for (const { name, x, y, size, paint, isOpen } of panel.marks) if (!state.hidden.has(name))
        x.forEach((place, index) => draw(inside, 'circle', { cx: across(here(place)), cy: up(y[index]), r: size * 0.8,
          stroke: colour(paint), fill: colour(isOpen ? 'page' : paint), 'stroke-width': 1.4 }))
    }

    // The crosshair, and what every line says there.
    const readout = add(host, 'div', { className: 'readout', hidden: true, role: 'status' })
    const say = words => { readout.hidden = false; readout.textContent = words }
    const drawCursor = () => {
      cursor.replaceChildren()
      readout.hidden = state.cursor == null
      if (readout.hidden) return
      const [from, to] = range()
      const rule = draw(cursor, 'path', { d: `M${across(state.cursor)} ${top}V${bottom}`, stroke: colour('muted') })
      const rows = panels.flatMap((panel, index) => shown(panel).flatMap(line => {
        const [x, y] = points(line, panel)
        const point = nearest(x, state.cursor)
        const off = Math.abs(x[point] - state.cursor)
        // A line that ends elsewhere has nothing to say here.
        if (!nameOf(line, panel) || off > Math.max((to - from) / 40, x[1] - x[0])) return []
        const place = (state.weight && panel.lines[line.smooths]?.means || line).by[point]
        return [{ line, place, off, x: x[point], y: y[point], up: limit(ups[index](y[point]), panel.top, panel.top + panel.height) }]
      // Lines that stand in front are drawn last.
      })).slice(-12)
      const { line, place } = rows.reduce((a, b) => b.off < a.off ? b : a, { off: Infinity })
      const facts = line && [...new Set([data.base, 'step', 'epoch', 'tokens', 'time'])].filter(axis => knows(axis, line.clock))
        .map(axis => axis === 'time' ? duration(on(axis, place, line.clock)) : `${axis} ${figure(on(axis, place, line.clock))}`)
      readout.replaceChildren()
      add(readout, 'strong', { textContent: facts ? facts.join(' · ') : inWords(state.axis, state.cursor) })
      for (const row of rows) {
        const box = add(readout, 'div')
        add(box, 'i').style.background = colour(row.line.paint)
        add(box, 'span', { textContent: (row.line.name || 'smoothed') + (row.place === place ? '' : ` at ${figure(row.place)}`) })
        add(box, 'b', { textContent: figure(row.y) })
        if (row.y != null) draw(cursor, 'circle', { cx: across(row.x), cy: row.up, r: 3, fill: colour(row.line.paint) })
      }
      const x = rule.getBoundingClientRect().x - host.getBoundingClientRect().x + host.scrollLeft
      readout.style.left = `${x > host.clientWidth / 2 ? x - readout.offsetWidth - 12 : x + 12}px`
    }

    let start = null
    const pixel = event => limit(new DOMPoint(event.clientX, 0).matrixTransform(svg.getScreenCTM().inverse()).x, left, right)
    svg.onpointerdown = event => { start = pixel(event) }
    svg.onpointermove = event => {
      const x = pixel(event)
      state.cursor = across.back(x)
      drawCursor()
      if (start != null) draw(cursor, 'rect', { x: Math.min(start, x), y: top, width: Math.abs(x - start), height: bottom - top,
        fill: colour('muted'), opacity: 0.2 })
    }
    addEventListener('pointerup', event => {
      const ends = [start, pixel(event)].sort((a, b) => a - b)
      if (start != null && ends[1] - ends[0] > 5) state.range = ends.map(across.back)
      if (start != null) redraw()
      start = null
    })
    svg.onpointerleave = svg.onblur = () => { state.cursor = null; drawCursor() }
    svg.onkeydown = event => {
      const [from, to] = range()
      const x = points(lines.reduce((a, b) => a.by.length >= b.by.length ? a : b), {})[0]
      const move = by => { state.cursor = x[limit((state.cursor == null ? 0 : nearest(x, state.cursor)) + by, 0, x.length - 1)] }
      const middle = state.cursor ?? (from + to) / 2
      const zoom = share => { state.range = [middle - (middle - from) * share, middle + (to - middle) * share] }
      const far = event.shiftKey ? 10 : 1
      const act = { ArrowLeft: () => move(-far), ArrowRight: () => move(far), '+': () => zoom(0.5), '-': () => zoom(2), Escape: reset }[event.key]
      if (!act) return
      event.preventDefault()
      act()
      redraw()
    }
    svg.tabIndex = 0
    svg.ariaRoleDescription = 'chart; arrow keys read values, + and − zoom, Escape resets'
    dark.addEventListener('change', () => redraw())

    const tools = add(host, 'div', { className: 'tools' })
    const button = (words, run) => add(tools, 'button', { textContent: words, onclick: run })
    const names = [...new Set(lines.map(line => line.name).filter(Boolean))].slice(-30)
    const buttons = names.map(name => {
      const alone = () => { state.hidden = new Set(names.filter(other => other !== name)) }
      const made = button(name, event => {
        if (event.shiftKey || event.detail > 1) alone()
        else if (!state.hidden.delete(name)) state.hidden.add(name)
        for (const each of buttons) each.ariaPressed = !state.hidden.has(each.textContent)
        redraw()
      })
      return Object.assign(made, { title: 'Hide or show; by double click, or with Shift, show it alone', ariaPressed: true })
    })
    const control = (words, name, properties, set) => {
      const made = add(add(tools, 'label', { textContent: `${words} ` }), name, properties)
      made.oninput = () => { set(made); redraw() }
      return made
    }
    const axes = ['step', 'epoch', 'tokens', 'time'].filter(axis => axis === data.axis || lines.every(line => knows(axis, line.clock)))
    if (axes.length > 1) {
      const select = control('by', 'select', {}, select => { Object.assign(state, { axis: select.value, range: null, cursor: null }) })
      for (const axis of axes) select.add(new Option(axis, axis, false, axis === data.axis))
    }
    control('log x', 'input', { type: 'checkbox', checked: data.log }, box => { state.logX = box.checked })
    control('log y', 'input', { type: 'checkbox', checked: state.logY }, box => { state.logY = box.checked })
    if (lines.some(line => line.smooths != null)) {
      const ink = [...svg.querySelectorAll('text')].find(text => text.textContent === data.smoothing)
      const slider = { type: 'range', max: 0.999, step: 0.001, value: 0 }
      const said = control('smoothing', 'input', slider, ({ value }) => {
        state.weight = Number(value)
        said.title = state.weight ? `exponential, weight ${value}` : data.smoothing
        if (ink) ink.textContent = said.title
      })
    }
    const reset = () => Object.assign(state, { range: null, mark: null })
    button('Reset zoom', () => { reset(); redraw() })

    // The picture as it is, with the colours that are seen in the place of classes.
    const source = () => {
      const copy = svg.cloneNode(true)
      const seen = svg.querySelectorAll('*')
      copy.querySelectorAll('*').forEach((made, index) => {
        const style = getComputedStyle(seen[index])
        for (const key of ['fill', 'stroke']) if (made.hasAttribute(key)) made.setAttribute(key, style[key])
        made.removeAttribute('class')
      })
      if (still.style.display) copy.querySelector('[style]').remove()
      return new XMLSerializer().serializeToString(copy)
    }
    const put = (type, name, part) => navigator.clipboard.write([new ClipboardItem({ [type]: new Blob([part], { type }) })])
      .then(() => say('Copied.'), () => {
        add(host, 'a', { href: URL.createObjectURL(new Blob([part])), download: name }).click()
        say('Saved as a file: the browser lets no page copy here.')
      })
    button('Copy SVG', () => put('text/plain', `${host.id}.svg`, source()))
    button('Copy PNG', () => {
      const picture = new Image()
      picture.onload = () => {
        const canvas = Object.assign(document.createElement('canvas'), { width: picture.width * 2, height: picture.height * 2 })
        canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
        canvas.toBlob(blob => put('image/png', `${host.id}.png`, blob))
      }
      picture.src = 'data:image/svg+xml,' + encodeURIComponent(source())
    })

    host.point = (...ends) => {
      Object.assign(state, { mark: ends, range: null, cursor: here(ends[0]) })
      redraw()
    }
    redraw()
  }

  for (const data of document.querySelectorAll('figure > script')) chart(data.parentNode, JSON.parse(data.textContent))
  for (const link of document.querySelectorAll('a[data-from]'))
    link.onclick = () => document.querySelector(link.hash)?.point?.(Number(link.dataset.from), Number(link.dataset.to))

  for (const table of document.querySelectorAll('table:not(.facts)')) for (const header of table.tHead.rows[0].cells) {
    const value = ({ cells: { [header.cellIndex]: cell } }) => cell.dataset.value ?? cell.textContent
    const compare = (a, b) => value(a) - value(b) || value(a).localeCompare(value(b), 'en', { numeric: true })
    const sort = () => {
      const turn = header.ariaSort === 'ascending' ? 'descending' : 'ascending'
      const rows = [...table.tBodies[0].rows].sort(turn === 'ascending' ? compare : (a, b) => compare(b, a))
      for (const other of table.tHead.rows[0].cells) other.ariaSort = null
      header.ariaSort = turn
      table.tBodies[0].append(...rows)
    }
    Object.assign(header, { tabIndex: 0, onclick: sort, onkeydown: event => { if (event.key === 'Enter') sort() } })
  }
}
