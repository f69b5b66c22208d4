// A thin hand around uPlot: lines come as { key, label, color, times, values }, null in values breaks a line.
const dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const pad = value => String(value).padStart(2, '0');
const clock = seconds => {
  const at = new Date(seconds * 1000);
  return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
};

export const create = (host, options) => new LineChart(host, options);

class LineChart {
  constructor(host, options) {
    if (!window.uPlot) throw new Error('uPlot is not loaded');
    this.host = host;
    this.options = options;
    this.lines = [];
    this.view = { now: Date.now() / 1000, max: null, unit: '', decimals: 0 };
    this.onTheme = () => this.build();
    document.addEventListener('themechange', this.onTheme);
    this.resizes = new ResizeObserver(() => this.fit());
    this.resizes.observe(host);
  }

  setData(lines, view) {
    this.lines = lines;
    this.view = view;
    this.build();
  }

  append(tails, view) {
    this.view = view;
    const oldest = view.now - this.options.windowSeconds - 10;
    tails.forEach((tail, i) => {
      const line = this.lines[i];
      line.times.push(...tail.times);
      line.values.push(...tail.values);
      const keep = line.times.findIndex(at => at >= oldest);
      if (keep > 0) { line.times.splice(0, keep); line.values.splice(0, keep); }
    });
    this.plot?.setData(this.table());
  }

  // One table for all lines: undefined (no sample of this line at that instant) is drawn through, null is not.
  table() {
    const filled = this.lines.map(line => [line.times, line.values]);
    if (filled.length === 0) return [[]];
    return filled.length === 1 ? filled[0] : uPlot.join(filled, filled.map(() => [0, 2])); // 2: a null reaches up to the line's next sample
  }

  size() {
    return { width: Math.max(40, this.host.clientWidth), height: Math.max(30, this.host.clientHeight) };
  }

  fit() {
    const size = this.size();
    if (this.plot && (size.width !== this.plot.width || size.height !== this.plot.height)) this.plot.setSize(size);
  }

  build() {
    this.plot?.destroy();
    this.plot = new uPlot(this.settings(), this.table(), this.host);
  }

  settings() {
    const css = getComputedStyle(this.host);
    const color = name => css.getPropertyValue(name).trim();
    const axis = { stroke: color('--muted'), grid: { stroke: color('--grid'), width: 1 }, ticks: { show: false }, font: `12px ${css.fontFamily}` };
    const compact = this.options.compact;
    return {
      ...this.size(),
      padding: compact ? [3, 0, 3, 0] : [10, 20, 0, 0],
      legend: { show: false },
      cursor: compact ? { show: false } : { drag: { x: false, y: false }, y: false, points: { size: 7 }, hover: { prox: 10 } },
      scales: {
        x: { time: true, range: () => this.rangeX() },
        y: { range: (plot, low, high) => this.rangeY(low, high) },
      },
      axes: compact ? [{ show: false }, { show: false }] : [
        { ...axis, size: 30, space: 52, values: (plot, splits) => splits.map(at => clock(at).slice(0, at % 60 === 0 ? 5 : 8)) },
        { ...axis, size: (plot, labels) => axisWidth(plot, labels, axis.font), values: (plot, splits) => splits.map(value => `${+value.toFixed(1)} ${this.view.unit}`) },
      ],
      series: [{}, ...this.lines.map(line => this.style(line, color, compact))],
      plugins: compact ? [] : [tooltip(this)],
    };
  }

  style(line, color, compact) {
    const stroke = color(`--series-${line.color % 8 + 1}`);
    return {
      label: line.label,
      stroke,
      width: compact ? 1.5 : 2,
      dash: compact ? [] : dashes[line.color % 4],
      fill: this.lines.length === 1 ? `${stroke}22` : undefined,
      points: { show: true, size: 4, fill: stroke, filter: (plot, index) => loners(plot.data[index]) },
    };
  }

  // Ends at the newest sample when a host's clock is ahead of the server's
  rangeX() {
    const end = this.lines.reduce((latest, line) => Math.max(latest, line.times.at(-1) ?? 0), this.view.now);
    return [end - this.options.windowSeconds, end];
  }

  rangeY(low, high) {
    if (this.view.max) return [0, Math.max(this.view.max, high ?? 0)];
    if (low == null || high == null) return [0, 100];
    return [Math.max(0, Math.floor(low / 10) * 10 - 10), Math.ceil(high / 10) * 10 + 10];
  }

  dispose() {
    document.removeEventListener('themechange', this.onTheme);
    this.resizes.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }
}

// Room for the longest label: "2500 MHz" needs more than "100 %"
function axisWidth(plot, labels, font) {
  plot.ctx.save();
  plot.ctx.font = font;
  const widths = (labels ?? []).map(label => plot.ctx.measureText(label ?? '').width);
  plot.ctx.restore();
  return Math.max(62, Math.ceil(Math.max(0, ...widths)) + 12);
}

// A sample with a gap on both sides has no line to be seen by
function loners(values) {
  const found = [];
  let before = null;
  for (let i = 0; i < values.length; i++) {
    if (values[i] === undefined) continue;
    if (values[i] !== null && before === null) {
      let next = i + 1;
      while (next < values.length && values[next] === undefined) next++;
      if (next >= values.length || values[next] === null) found.push(i);
    }
    before = values[i];
  }
  return found;
}

function tooltip(chart) {
  const box = document.createElement('div');
  box.className = 'chart-tooltip';
  box.hidden = true;

  const valueAt = (line, at) => {
    let best = null;
    line.times.forEach((time, i) => {
      const distance = Math.abs(time - at);
      if (distance <= 5 && (best === null || distance < best.distance)) best = { distance, value: line.values[i] };
    });
    return best?.value ?? null;
  };

  const row = (line, at) => {
    const value = valueAt(line, at);
    const entry = document.createElement('div');
    const mark = document.createElement('i');
    mark.style.background = `var(--series-${line.color % 8 + 1})`;
    const text = document.createElement('b');
    text.textContent = value === null ? '—' : `${value.toFixed(chart.view.decimals)} ${chart.view.unit}`;
    entry.append(mark, line.label, text);
    return entry;
  };

  const update = plot => {
    const { left, idx } = plot.cursor;
    if (left == null || left < 0 || idx == null || plot.data[0].length === 0) { box.hidden = true; return; }
    const at = plot.data[0][idx];
    const time = document.createElement('time');
    time.textContent = clock(at);
    box.replaceChildren(time, ...chart.lines.map(line => row(line, at)));
    box.hidden = false;
    const room = plot.over.clientWidth;
    box.style.left = `${left + 14 + box.offsetWidth > room ? Math.max(0, left - box.offsetWidth - 14) : left + 14}px`;
  };

  return { hooks: { init: plot => plot.over.append(box), setCursor: update, setData: update } };
}
