// Draws a report from the JSON beside it. Text from the data only ever becomes a text node or ink on a canvas.
'use strict';
(() => {
  const report = JSON.parse(document.getElementById('report-data').textContent);
  const root = document.documentElement;
  const plots = [];

  const PALETTE = {
    light: ['#1f5f99', '#c8591b', '#2d7d53', '#95346e', '#6a5aa8', '#93700a', '#0b7f86', '#84402f', '#5c6773', '#c2407a', '#4d7c0f', '#3f51b5'],
    dark: ['#7db5e8', '#f09a5f', '#79c99a', '#dc8abb', '#b3a4ee', '#dcb64c', '#5fc7cd', '#d69482', '#aab4bf', '#f08fb7', '#a5cf5f', '#99a6f5'],
  };
  const theme = () => root.dataset.theme;
  const colour = i => PALETTE[theme()][i % PALETTE.light.length];
  const css = name => getComputedStyle(root).getPropertyValue(name).trim();

  const channels = text => text.startsWith('#') ? [1, 3, 5].map(i => parseInt(text.slice(i, i + 2), 16)) : text.split(',').map(Number);
  /** Black or white, whichever reads better on a colour laid over a card: at least 4.5 to 1. */
  function inkOn(over, strength) {
    const under = channels(css('--card'));
    const [r, g, b] = channels(over).map((value, i) => (value * strength + under[i] * (1 - strength)) / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b > .179 ? '#000000' : '#ffffff';
  }

  /** An element with attributes and children; strings become text nodes. */
  function el(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
    }
    node.append(...children.filter(child => child !== null && child !== undefined));
    return node;
  }

  const trimmed = text => text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
  function number(value) {
    if (value === null || value === undefined) return '–';
    if (Number.isInteger(value)) return value.toLocaleString('en-US');
    const size = Math.abs(value);
    if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
    return size < 1e-4 ? value.toExponential(2) : trimmed(value.toPrecision(4));
  }
  const clipped = (text, most) => [...text].length > most ? [...text].slice(0, most - 1).join('') + '…' : text;

  // ---- tables

  function table(title, columns, rows) {
    const most = 12;
    const body = el('tbody');
    const add = some => some.forEach(row => body.append(el('tr', {}, ...row.map((cell, c) =>
      el('td', { class: columns[c].numeric ? 'number' : cell.length > 40 ? 'text' : null, 'data-name': columns[c].name }, cell)))));
    add(rows.slice(0, most));
    const box = el('div', {},
      el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': `${title}: table` },
        el('table', { class: rows.some(row => row.some(cell => cell.length > 80)) ? 'texts' : null },
          el('thead', {}, el('tr', {}, ...columns.map(column => el('th', { scope: 'col', class: column.numeric ? 'number' : null }, column.name)))),
          body)));
    if (rows.length > most) {
      const shown = Math.min(rows.length, 1000);
      const more = el('button', { class: 'more', type: 'button', onclick: () => {
        add(rows.slice(most, shown));
        more.remove();
        box.firstChild.focus({ preventScroll: true });
      } },
        shown < rows.length ? `Show ${number(shown)} of ${number(rows.length)} rows` : `Show all ${number(rows.length)} rows`);
      box.append(more);
    }
    return box;
  }

  /** The figures behind a chart, made when they are asked for. */
  function dataTable(title, make) {
    const details = el('details', { class: 'data' }, el('summary', {}, 'Figures as a table'));
    details.addEventListener('toggle', () => {
      if (details.open && details.childElementCount === 1) {
        const { columns, rows } = make();
        details.append(table(title, columns.map((name, c) => ({ name, numeric: rows.every(row => typeof row[c] !== 'string') })),
          rows.map(row => row.map(cell => typeof cell === 'string' ? cell : number(cell)))));
      }
    });
    return details;
  }

  function rowList(title, entries, total) {
    return el('div', { class: 'rows', 'aria-live': 'polite' }, el('h4', {}, title),
      el('ol', { tabindex: '0', 'aria-label': title }, ...entries.map(entry =>
        el('li', {}, entry.text, entry.note ? el('span', {}, entry.note) : null))),
      total > entries.length ? el('p', { class: 'summary' }, `The first ${number(entries.length)} of ${number(total)}.`) : null);
  }

  // ---- ECharts

  /** Keeps a chart to be drawn again when the theme or the width changes. */
  function plot(box, option) {
    // Two pixels for one at least: the same picture is printed.
    const chart = echarts.init(box, null, { renderer: 'canvas', devicePixelRatio: Math.max(2, devicePixelRatio) });
    const fontFamily = getComputedStyle(document.body).fontFamily;
    const draw = () => chart.setOption(Object.assign({ animation: false, textStyle: { fontFamily } }, option()), true);
    draw();
    plots.push({ chart, draw, box });
    new ResizeObserver(() => chart.resize()).observe(box);
    return chart;
  }

  function tooltip(trigger, content) {
    return {
      trigger, confine: true, backgroundColor: css('--card'), borderColor: css('--strong-line'), padding: [7, 10],
      textStyle: { color: css('--ink'), fontSize: 13 }, extraCssText: 'box-shadow: 0 4px 16px rgba(0,0,0,.18); max-width: 22rem; white-space: normal;',
      axisPointer: { type: 'line', lineStyle: { color: css('--strong-line') } },
      formatter: parameters => el('div', { class: 'tip' }, ...content(parameters)),
    };
  }

  const axisStyle = () => ({
    axisLine: { onZero: false, lineStyle: { color: css('--strong-line') } }, axisTick: { show: false },
    axisLabel: { color: css('--soft'), fontSize: 12, hideOverlap: true },
    splitLine: { lineStyle: { color: css('--line') } }, nameTextStyle: { color: css('--soft'), fontSize: 12 },
  });
  const valueAxis = (name, vertical, extra = {}) => {
    const style = axisStyle();
    return Object.assign({ type: 'value', name, nameLocation: vertical ? 'end' : 'middle', nameGap: vertical ? 12 : 28, scale: true }, style, extra,
      { axisLabel: Object.assign({}, style.axisLabel, { formatter: number }, extra.axisLabel),
        nameTextStyle: Object.assign({}, style.nameTextStyle, vertical ? { align: 'left' } : {}) });
  };

  function frame(chart, wide) {
    const heading = el('h3', { id: chart.id + '-title' }, chart.title);
    return el('figure', { class: wide ? 'block wide' : 'block', id: chart.id, 'aria-labelledby': chart.id + '-title', 'data-kind': chart.kind },
      heading, el('figcaption', { class: 'summary' }, chart.summary));
  }
  const plotBox = (chart, tall) => el('div', { class: tall ? 'plot tall' : 'plot', role: 'img', 'aria-label': `${chart.title}. ${chart.summary}` });

  /** Buttons that name the series and take them out. */
  function chips(names, shape, changed) {
    const shown = names.map(() => true);
    const box = el('div', { class: 'chips', role: 'group', 'aria-label': 'Shown' });
    const fill = () => box.querySelectorAll('i').forEach((dot, i) => { dot.style.background = colour(i); });
    names.forEach((name, i) => {
      const chip = el('button', { class: 'chip ' + shape, type: 'button', 'aria-pressed': 'true', onclick: () => {
        shown[i] = !shown[i];
        chip.setAttribute('aria-pressed', String(shown[i]));
        changed();
      } }, el('i', { 'aria-hidden': 'true' }), clipped(name, 40));
      box.append(chip);
    });
    fill();
    plots.push({ draw: fill });
    return { box, shown };
  }

  function bars(chart) {
    const figure = frame(chart, false);
    const box = plotBox(chart, false);
    const drawn = () => chart.series.map((series, s) => ({
      type: 'bar', name: series.name, data: series.values, barMaxWidth: chart.horizontal ? 18 : 64, barCategoryGap: chart.histogram ? '4%' : '28%', stack: chart.histogram ? 'all' : undefined,
      itemStyle: { color: colour(s), borderRadius: chart.histogram ? 0 : chart.horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      label: chart.horizontal && chart.categories.length <= 40 && chart.series.length === 1
        ? { show: true, position: 'right', color: css('--soft'), fontSize: 12, formatter: p => number(p.value) } : undefined,
    }));
    let legend = { box: null, shown: chart.series.map(() => true) };
    if (chart.series.length > 1) legend = chips(chart.series.map(s => s.name), '', () => plotted.draw());
    figure.append(...[legend.box, box].filter(Boolean));
    if (chart.horizontal) box.style.height = Math.min(46, 3.2 + chart.categories.length * 1.6 * Math.max(1, chart.series.length * .75)) + 'rem';
    let plotted;
    const ready = () => {
      plot(box, () => {
        const narrow = box.clientWidth < 420;
        const style = axisStyle();
        const category = Object.assign({ type: 'category', data: chart.categories, inverse: chart.horizontal,
          name: chart.horizontal ? '' : chart.axis, nameLocation: 'middle', nameGap: 28 }, style, { splitLine: { show: false } },
        { axisLabel: Object.assign({}, style.axisLabel, { interval: chart.horizontal ? 0 : 'auto', alignMinLabel: chart.histogram ? 'left' : undefined, alignMaxLabel: chart.histogram ? 'right' : undefined, formatter: name => clipped(name, narrow ? 14 : 24),
          width: chart.horizontal ? (narrow ? 95 : 170) : undefined, overflow: 'truncate' }) });
        const value = valueAxis(chart.unit, !chart.horizontal, { scale: false, splitNumber: narrow ? 3 : 5 });
        return {
          grid: { left: 8, right: chart.horizontal ? 64 : 14, top: chart.horizontal ? 6 : 34, bottom: chart.horizontal ? 30 : 30, containLabel: true },
          tooltip: tooltip('axis', rows => [el('strong', {}, rows[0].name),
            ...rows.map(row => el('span', {}, `${chart.series.length > 1 ? row.seriesName + ': ' : ''}${number(row.value)} ${chart.unit}`))]),
          xAxis: chart.horizontal ? value : category, yAxis: chart.horizontal ? category : value,
          series: drawn().filter((_, i) => legend.shown[i]),
        };
      });
      plotted = plots[plots.length - 1];
    };
    figure.append(dataTable(chart.title, () => ({ columns: [chart.axis, ...chart.series.map(s => `${s.name} (${chart.unit})`)],
      rows: chart.categories.map((name, i) => [name, ...chart.series.map(s => s.values[i])]) })));
    return { figure, ready };
  }

  function lineSeries(chart, shown) {
    return chart.curves.map((curve, i) => ({
      type: 'line', name: curve.name, data: curve.x.map((x, k) => [x, curve.y[k]]), showSymbol: curve.x.length <= 40 && !curve.guide && new Set(curve.x).size === curve.x.length, symbolSize: 6,
      lineStyle: { width: curve.guide ? 1.2 : 2, type: curve.guide ? 'dashed' : 'solid', color: curve.guide ? css('--strong-line') : colour(i) },
      itemStyle: { color: curve.guide ? css('--strong-line') : colour(i) }, silent: curve.guide, triggerLineEvent: true,
      tooltip: { show: !curve.guide },
    })).filter((_, i) => shown[i]);
  }

  function lineOption(chart, shown, box) {
    const narrow = box.clientWidth < 420;
    const inside = range => range ? { min: range[0], max: range[1], scale: false } : {};
    return {
      grid: { left: 8, right: 18, top: 36, bottom: 32, containLabel: true },
      tooltip: tooltip('axis', rows => [el('strong', {}, `${chart.xAxis} ${number(rows[0].value[0])}`),
        ...rows.filter(row => !chart.curves.find(c => c.name === row.seriesName).guide)
          .map(row => el('span', {}, `${row.seriesName}: ${number(row.value[1])}`))]),
      xAxis: valueAxis(chart.xAxis, false, Object.assign({ splitNumber: narrow ? 4 : 6, splitLine: { show: false } }, inside(chart.xRange))),
      yAxis: valueAxis(chart.yAxis, true, Object.assign({ splitNumber: narrow ? 4 : 5 }, inside(chart.yRange))),
      series: lineSeries(chart, shown),
    };
  }

  function lines(chart) {
    const figure = frame(chart, false);
    const box = plotBox(chart, false);
    const solid = chart.curves.filter(curve => !curve.guide);
    let plotted;
    const legend = solid.length > 1 ? chips(solid.map(curve => curve.name), 'line', () => plotted.draw()) : null;
    const shown = () => chart.curves.map(curve => curve.guide || !legend || legend.shown[solid.indexOf(curve)]);
    figure.append(...[legend && legend.box, box].filter(Boolean), dataTable(chart.title, () => ({ columns: ['series', chart.xAxis, chart.yAxis],
      rows: solid.flatMap(curve => curve.x.map((x, i) => [curve.name, x, curve.y[i]])) })));
    return { figure, ready: () => { plot(box, () => lineOption(chart, shown(), box)); plotted = plots[plots.length - 1]; } };
  }

  // ---- scatter: colour, find, select

  function scatter(chart) {
    const figure = frame(chart, chart.wide);
    const box = plotBox(chart, true);
    const found = el('div');
    let by = chart.colourings[0];
    let legend;
    let plotted;
    let picked = null;
    const chipSlot = el('div');
    const makeChips = () => {
      legend = by ? chips(by.groups.map((group, g) => `${group} (${number(by.members.filter(m => m === g).length)})`), '', () => plotted.draw()) : null;
      chipSlot.replaceChildren(...(legend ? [legend.box] : []));
    };
    makeChips();
    const note = i => [`row ${number(chart.rows[i])}`, ...chart.colourings.map(c => `${c.name} ${c.groups[c.members[i]]}`)].join(' · ');
    const list = (ids, title) => {
      picked = ids;
      found.replaceChildren(...(ids ? [rowList(title, ids.slice(0, 200).map(i => ({ text: chart.texts[i], note: note(i) })), ids.length)] : []));
    };
    const tools = el('div', { class: 'tools' });
    if (chart.colourings.length > 1) {
      tools.append(el('label', {}, 'Colour by', el('select', { onchange: event => {
        by = chart.colourings[event.target.selectedIndex];
        makeChips();
        plotted.draw();
      } }, ...chart.colourings.map(c => el('option', {}, c.name)))));
    }
    const select = el('button', { type: 'button', class: 'tool select', 'aria-pressed': 'false', onclick: () => setSelecting(!selecting) }, 'Select area');
    const clear = el('button', { type: 'button', class: 'tool', onclick: () => { search.value = ''; list(null); plotted.draw(); } }, 'Clear');
    const search = el('input', { type: 'search', placeholder: 'words in the row', oninput: () => {
      const wanted = search.value.toLowerCase();
      const ids = wanted ? chart.texts.map((_, i) => i).filter(i => chart.texts[i].toLowerCase().includes(wanted)) : null;
      list(ids, ids && `${number(ids.length)} rows with “${search.value}”`);
      plotted.draw();
    } });
    tools.append(select, el('label', {}, 'Find', search), clear);
    let selecting = false;
    function setSelecting(on) {
      selecting = on;
      select.setAttribute('aria-pressed', String(on));
      box.classList.toggle('selecting', on);
    }
    const said = el('p', { class: 'readout', 'aria-live': 'polite' });
    figure.append(tools, chipSlot, box, said, found, dataTable(chart.title, () => ({
      columns: ['row', chart.xAxis, chart.yAxis, ...chart.colourings.map(c => c.name), 'text'],
      rows: chart.rows.map((row, i) => [row, chart.x[i], chart.y[i], ...chart.colourings.map(c => c.groups[c.members[i]]), clipped(chart.texts[i], 200)]) })));

    const series = () => {
      const groups = by ? by.groups : ['rows'];
      const marked = picked && new Set(picked);
      const size = chart.x.length > 3000 ? 4 : chart.x.length > 600 ? 6 : 8;
      const all = groups.map((name, g) => {
        const data = [];
        for (let i = 0; i < chart.x.length; i++) {
          if (!by || by.members[i] === g) data.push(marked && !marked.has(i) ? { value: [chart.x[i], chart.y[i], i], itemStyle: { opacity: .08 } } : [chart.x[i], chart.y[i], i]);
        }
        return { type: 'scatter', name, data, symbolSize: size, z: groups.length - g < 2 ? 4 : 3,
          itemStyle: { color: colour(g), opacity: chart.x.length > 1500 ? .62 : .8 }, emphasis: { scale: 1.8, itemStyle: { opacity: 1, borderColor: css('--ink'), borderWidth: 1 } } };
      }).filter((_, g) => !legend || legend.shown[g]);
      chart.arrows.forEach(arrow => all.push({ type: 'line', name: arrow.name, data: [{ value: [0, 0], symbol: 'none' }, { value: [arrow.x, arrow.y], symbol: 'circle' }], symbolSize: 6, silent: true, z: 6,
        tooltip: { show: false }, lineStyle: { color: css('--ink'), width: 1.2 }, itemStyle: { color: css('--ink') } }));
      if (chart.arrows.length) all.push({ type: 'scatter', id: 'names', silent: true, z: 7, symbolSize: 1, tooltip: { show: false }, itemStyle: { opacity: 1, color: css('--ink') }, data: [],
        label: { show: true, formatter: p => clipped(p.name, 20), color: css('--ink'), fontSize: 12, distance: 6, backgroundColor: css('--card'), padding: [1, 3], borderRadius: 3 } });
      return all;
    };
    const ready = () => {
      const drawn = plot(box, () => ({
        grid: { left: 8, right: 16, top: 36, bottom: 32, containLabel: true },
        tooltip: tooltip('item', p => p.value[2] === undefined ? [] : [el('strong', {}, note(p.value[2])), el('span', {}, clipped(chart.texts[p.value[2]], 400))]),
        xAxis: valueAxis(chart.xAxis, false, { splitNumber: 5 }), yAxis: valueAxis(chart.yAxis, true, { splitNumber: 5 }),
        series: series(),
      }));
      plotted = plots[plots.length - 1];
      if (chart.arrows.length) {
        const draw = plotted.draw;
        plotted.draw = () => { draw(); nameArrows(drawn, chart.arrows); };
        new ResizeObserver(() => nameArrows(drawn, chart.arrows)).observe(box);
      }
      brush(drawn, box, () => selecting, (from, to) => {
        const a = drawn.convertFromPixel('grid', from);
        const b = drawn.convertFromPixel('grid', to);
        const within = (v, p, q) => v >= Math.min(p, q) && v <= Math.max(p, q);
        const ids = chart.x.map((_, i) => i).filter(i => within(chart.x[i], a[0], b[0]) && within(chart.y[i], a[1], b[1]) && (!legend || legend.shown[by.members[i]]));
        list(ids, `${number(ids.length)} rows selected`);
        plotted.draw();
      });
      pointByKeys(drawn, box, said, chart, i => !legend || legend.shown[by.members[i]], {
        say: i => `${note(i)}: ${clipped(chart.texts[i], 160)}`,
        tip: i => {
          const group = by ? by.members[i] : 0;
          const seriesIndex = legend ? legend.shown.slice(0, group).filter(Boolean).length : 0;
          drawn.dispatchAction({ type: 'showTip', seriesIndex, dataIndex: by ? by.members.slice(0, i).filter(member => member === group).length : i });
        },
        list: (ids, i) => {
          list(ids, `${number(ids.length)} rows around row ${number(chart.rows[i])}`);
          plotted.draw();
        },
      });
      if (matchMedia('(pointer: fine)').matches) setSelecting(true);
    };
    return { figure, ready };
  }

  /** What the pointer does to a scatter, by keys: arrows go from point to point, Enter lists those around. */
  function pointByKeys(plot, box, said, chart, visible, { say, tip, list }) {
    const AROUND = 25;
    const hint = 'Arrow keys go from point to point; Enter lists the rows around one.';
    let at = null;
    box.tabIndex = 0;
    box.addEventListener('focus', () => {
      if (box.matches(':focus-visible')) said.textContent = at === null ? hint : say(at);
    });
    box.addEventListener('blur', () => {
      said.textContent = '';
      plot.dispatchAction({ type: 'hideTip' });
    });
    box.addEventListener('keydown', event => {
      const direction = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
      if (!direction && event.key !== 'Enter') return;
      event.preventDefault();
      const ids = chart.x.map((_, i) => i).filter(visible);
      if (!ids.length) return;
      const places = chart.x.map((x, i) => plot.convertToPixel('grid', [x, chart.y[i]]));
      const from = at !== null && visible(at) ? places[at] : [box.clientWidth / 2, box.clientHeight / 2];
      const away = i => Math.hypot(places[i][0] - from[0], places[i][1] - from[1]);
      const nearest = some => some.reduce((best, i) => best === null || away(i) < away(best) ? i : best, null);
      if (event.key === 'Enter' && at !== null && visible(at)) {
        list(ids.sort((a, b) => away(a) - away(b)).slice(0, AROUND), at);
        return;
      }
      const ahead = i => {
        const [dx, dy] = [places[i][0] - from[0], places[i][1] - from[1]];
        const along = dx * direction[0] + dy * direction[1];
        return along > 0 && along >= Math.abs(dx * direction[1] + dy * direction[0]);
      };
      const next = at === null || !visible(at) ? nearest(ids) : nearest(ids.filter(ahead));
      if (next === null) return;
      at = next;
      said.textContent = say(at);
      tip(at);
    });
  }

  /** The names of arrows outward of their heads, each below those that it would cover. */
  function nameArrows(chart, arrows) {
    const placed = [];
    const heads = arrows.map(arrow => ({ arrow, at: chart.convertToPixel('grid', [arrow.x, arrow.y]) })).sort((a, b) => a.at[1] - b.at[1]);
    const data = heads.map(({ arrow, at: [x, y] }) => {
      let free = y;
      for (const other of placed) if (Math.abs(other[0] - x) < 100 && free - other[1] < 17) free = Math.max(free, other[1] + 17);
      placed.push([x, free]);
      return { name: arrow.name, value: [arrow.x, arrow.y], label: { position: arrow.x < 0 ? 'left' : 'right', offset: [0, free - y] } };
    });
    chart.setOption({ series: [{ id: 'names', data }] });
  }

  /** A rectangle drawn over a chart with the pointer. */
  function brush(chart, box, active, done) {
    const zr = chart.getZr();
    let from = null;
    const mark = el('div', { class: 'brush', hidden: true });
    box.append(mark);
    const at = event => [event.offsetX, event.offsetY];
    zr.on('mousedown', event => { if (active()) from = at(event); });
    zr.on('mousemove', event => {
      if (!from) return;
      const [x, y] = at(event);
      mark.hidden = false;
      mark.style.left = Math.min(x, from[0]) + 'px';
      mark.style.top = Math.min(y, from[1]) + 'px';
      mark.style.width = Math.abs(x - from[0]) + 'px';
      mark.style.height = Math.abs(y - from[1]) + 'px';
    });
    zr.on('mouseup', event => {
      if (from && Math.hypot(event.offsetX - from[0], event.offsetY - from[1]) > 6) done(from, at(event));
      from = null;
      mark.hidden = true;
    });
    zr.on('globalout', () => { from = null; mark.hidden = true; });
  }

  // ---- matrices: a grid of cells, with arrow keys

  function matrix(chart) {
    const figure = frame(chart, chart.columns.length > 6);
    const counts = chart.scale === 'COUNTS';
    const columns = chart.columns.length;
    const few = columns <= 6;
    const heads = columns <= 40;
    const grid = el('div', { class: few ? 'matrix few' : 'matrix', role: 'grid', 'aria-label': `${chart.title}. ${chart.summary}` });
    const headWidth = few ? 'minmax(3.5rem, max-content)' : 'minmax(0, max-content)';
    grid.style.gridTemplateColumns = `${heads ? headWidth : ''} repeat(${columns}, minmax(0, 1fr))`;
    if (few) grid.style.maxWidth = `${8 + columns * 8}rem`;
    else grid.style.maxWidth = `${8 + columns * 3.6}rem`;
    const readout = el('p', { class: 'readout', 'aria-live': 'polite' }, few ? '' : 'Point at a cell, or move with the arrow keys.');
    const list = el('div');
    const cells = [];
    let open = null;
    const name = (r, c) => `${chart.rowAxis} ${chart.rows[r]}, ${chart.columnAxis} ${chart.columns[c]}: ${number(chart.values[r][c])}${chart.unit ? ' ' + chart.unit : ''}`;
    const entries = (r, c) => chart.entries.filter(entry => entry.row === r && entry.column === c);
    const show = (r, c) => {
      if (open) open.setAttribute('aria-expanded', 'false');
      open = cells[r][c];
      open.setAttribute('aria-expanded', 'true');
      list.replaceChildren(rowList(name(r, c), entries(r, c), chart.values[r][c]));
    };
    const label = (text, top) => el('div', { class: top ? 'head top' : 'head', role: top ? 'columnheader' : 'rowheader', title: text }, clipped(text, few ? 18 : 22));
    if (heads) grid.append(el('div', { role: 'row', class: 'line' }, el('div', { role: 'gridcell' }), ...chart.columns.map(text => label(text, true))));
    const rowMax = chart.values.map(row => Math.max(...row.map(Math.abs), 1e-9));
    chart.rows.forEach((row, r) => {
      cells.push(chart.columns.map((_, c) => {
        const value = chart.values[r][c];
        const text = columns > 24 ? '' : counts ? (value ? number(value) : few ? '0' : '') : value === null ? '' : columns > 12 ? '' : value.toFixed(2);
        const listable = chart.entries.length > 0 && value > 0;
        const cell = el(listable ? 'button' : 'div', { class: 'cell', role: 'gridcell', type: listable ? 'button' : null, tabindex: r + c === 0 ? '0' : '-1',
          'aria-label': name(r, c), 'aria-expanded': listable ? 'false' : null,
          onfocus: () => { readout.textContent = name(r, c); }, onmouseenter: () => { readout.textContent = name(r, c); },
          onclick: listable ? () => show(r, c) : () => {},
          onkeydown: event => {
            const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
            const next = step && cells[r + step[0]] && cells[r + step[0]][c + step[1]];
            if (!next) return;
            event.preventDefault();
            cell.tabIndex = -1;
            next.tabIndex = 0;
            next.focus();
          } }, text);
        return cell;
      }));
      grid.append(el('div', { role: 'row', class: 'line' }, heads ? label(row, false) : null, ...cells[r]));
    });
    const fill = () => cells.forEach((row, r) => row.forEach((cell, c) => {
      const value = chart.values[r][c];
      const share = value === null ? 0 : counts ? value / rowMax[r] : Math.abs(value);
      const strength = counts ? .06 + .84 * Math.sqrt(share) : .04 + .9 * share;
      const over = css(value < 0 ? '--cold' : '--warm');
      const empty = value === null || (counts && value === 0);
      cell.style.background = empty ? '' : `rgba(${over}, ${strength.toFixed(3)})`;
      cell.style.color = empty ? '' : inkOn(over, strength);
    }));
    fill();
    plots.push({ draw: fill });
    if (counts) figure.append(el('div', { class: 'axes' }, el('span', {}, `Rows: ${chart.rowAxis} · columns: ${chart.columnAxis}`)));
    figure.append(grid, readout, list, dataTable(chart.title, () => ({ columns: [chart.rowAxis, ...chart.columns], rows: chart.rows.map((row, r) => [row, ...chart.values[r]]) })));
    return { figure, ready: () => {} };
  }

  // ---- the threshold of two classes

  function threshold(chart) {
    const figure = frame(chart, false);
    figure.classList.add('threshold');
    const positives = chart.positives.filter(Boolean).length;
    const at = limit => {
      let hits = 0;
      let flagged = 0;
      chart.probabilities.forEach((p, i) => {
        if (p >= limit) {
          flagged++;
          if (chart.positives[i]) hits++;
        }
      });
      const precision = flagged ? hits / flagged : 0;
      const recall = positives ? hits / positives : 0;
      const right = hits + chart.positives.length - positives - (flagged - hits);
      return { precision, recall, f1: precision + recall ? 2 * precision * recall / (precision + recall) : 0, accuracy: right / chart.positives.length, flagged };
    };
    const steps = Array.from({ length: 101 }, (_, i) => i / 100);
    const curve = steps.map(at);
    const outputs = Object.fromEntries(['threshold', 'precision', 'recall', 'f1', 'accuracy', 'flagged'].map(name => [name, el('output', { name, for: chart.id + '-range' })]));
    const range = el('input', { type: 'range', id: chart.id + '-range', min: '0', max: '1', step: '0.01', value: '0.5', 'aria-label': `Threshold for ${chart.positive}` });
    const box = plotBox(chart, false);
    let plotted;
    const show = () => {
      const limit = Number(range.value);
      const scores = at(limit);
      outputs.threshold.value = limit.toFixed(2);
      outputs.flagged.value = number(scores.flagged);
      for (const name of ['precision', 'recall', 'f1', 'accuracy']) outputs[name].value = scores[name].toFixed(3);
      if (plotted) plotted.draw();
    };
    range.addEventListener('input', show);
    figure.append(range, el('div', { class: 'scores' }, ...Object.entries({ threshold: 'Threshold', precision: 'Precision', recall: 'Recall', f1: 'F1', accuracy: 'Accuracy', flagged: `Called ${clipped(chart.positive, 16)}` })
      .map(([name, label]) => el('div', {}, label, outputs[name]))));
    const names = ['precision', 'recall', 'f1'];
    const shape = { xAxis: 'threshold', yAxis: 'score', xRange: [0, 1], yRange: [0, 1], curves: names.map(name => ({ name: name === 'f1' ? 'F1' : name, x: steps, y: curve.map(s => s[name]), guide: false })) };
    const legend = chips(shape.curves.map(c => c.name), 'line', () => plotted.draw());
    figure.append(legend.box, box, dataTable(chart.title, () => ({ columns: ['threshold', ...names, 'accuracy'], rows: steps.filter((_, i) => i % 5 === 0).map((s, i) => [s, ...[...names, 'accuracy'].map(n => curve[i * 5][n])]) })));
    return { figure, ready: () => {
      plot(box, () => {
        const option = lineOption(shape, legend.shown, box);
        if (option.series.length) option.series[0].markLine = { silent: true, symbol: 'none', animation: false, label: { show: false }, lineStyle: { color: css('--ink'), type: 'solid', width: 1.5 }, data: [{ xAxis: Number(range.value) }] };
        return option;
      });
      plotted = plots[plots.length - 1];
      show();
    } };
  }

  function tableBlock(block) {
    const small = block.columns.length <= 4 && block.rows.every(row => row.every(cell => cell.length <= 40));
    const figure = el('div', { class: small ? 'block' : 'block wide' }, el('h3', {}, block.title), block.note ? el('p', { class: 'summary' }, block.note) : null, table(block.title, block.columns, block.rows));
    return { figure, ready: () => {} };
  }

  const codeBlock = block => ({ figure: el('div', { class: 'block' }, el('h3', {}, block.title), el('pre', { tabindex: '0', role: 'region', 'aria-label': block.title }, block.text)), ready: () => {} });

  // ---- the page

  const DRAW = { bars, lines, scatter, matrix, threshold, table: tableBlock, code: codeBlock };
  const LEVEL = { WARNING: 'Look at this:', NOTE: '', GOOD: '' };

  function setTheme(name) {
    root.dataset.theme = name;
    toggle.textContent = name === 'dark' ? 'Light' : 'Dark';
    toggle.setAttribute('aria-label', `Switch to ${name === 'dark' ? 'light' : 'dark'} colours`);
    plots.forEach(p => p.draw());
  }
  const toggle = el('button', { type: 'button', class: 'theme', onclick: () => setTheme(theme() === 'dark' ? 'light' : 'dark') });

  const links = report.sections.map(section => el('a', { href: '#' + section.id }, section.title));
  const contents = el('details', {}, el('summary', {}, 'Contents'), el('ol', {}, ...links.map(link => el('li', {}, link))));
  const wide = matchMedia('(min-width: 68rem)');
  contents.open = wide.matches;
  wide.addEventListener('change', () => { contents.open = wide.matches; });

  const blocks = [];
  const sections = report.sections.map(section => {
    const made = section.blocks.map(block => DRAW[block.kind](block));
    blocks.push(...made);
    return el('section', { id: section.id, 'aria-labelledby': section.id + '-heading' }, el('h2', { id: section.id + '-heading' }, section.title),
      section.lead ? el('p', { class: 'lead' }, section.lead) : null, el('div', { class: 'blocks' }, ...made.map(m => m.figure)));
  });
  const titles = Object.fromEntries(report.sections.map(section => [section.id, section.title]));
  document.body.append(el('a', { class: 'skip', href: '#main' }, 'Skip to the report'),
    el('div', { class: 'page' },
      el('header', {}, el('div', {}, el('h1', {}, report.title), el('p', {}, report.subtitle)), toggle),
      el('nav', { 'aria-label': 'Contents' }, contents),
      el('main', { id: 'main' },
        report.figures.length ? el('dl', { class: 'figures' }, ...report.figures.map(figure =>
          el('div', {}, el('dt', {}, figure.name), el('dd', {}, figure.value), figure.note ? el('dd', { class: 'note' }, figure.note) : null))) : null,
        report.findings.length ? el('div', {}, el('h2', { class: 'findings-title' }, 'Findings'), el('ul', { class: 'findings' }, ...report.findings.map(finding =>
          el('li', { class: finding.level.toLowerCase() }, LEVEL[finding.level] ? el('b', {}, LEVEL[finding.level]) : null, finding.text,
            titles[finding.section] ? el('a', { href: '#' + finding.section }, titles[finding.section]) : null)))) : null,
        ...sections),
      el('footer', {}, report.footer)));
  setTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', event => setTheme(event.matches ? 'dark' : 'light'));
  blocks.forEach(block => block.ready());

  const spy = new IntersectionObserver(entries => entries.forEach(entry => {
    if (entry.isIntersecting) links.forEach(link => link.getAttribute('href') === '#' + entry.target.id ? link.setAttribute('aria-current', 'true') : link.removeAttribute('aria-current'));
  }), { rootMargin: '-10% 0px -80% 0px' });
  sections.forEach(section => spy.observe(section));

  let before = null;
  addEventListener('beforeprint', () => { before = theme(); setTheme('light'); });
  addEventListener('afterprint', () => { setTheme(before); });
  root.dataset.ready = 'true';
})();
